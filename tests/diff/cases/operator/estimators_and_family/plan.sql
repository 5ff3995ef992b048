-- judged on PostgreSQL 15, of a135cf57fb09f856
-- up
ALTER OPERATOR === (integer, text) SET (RESTRICT = eqsel, JOIN = eqjoinsel);
COMMENT ON OPERATOR === (integer, text) IS 'alike';
ALTER OPERATOR === (integer, text) OWNER TO confiture_test_owner;
ALTER OPERATOR FAMILY public.fam USING btree ADD OPERATOR 1 <(integer,bigint);
ALTER OPERATOR FAMILY public.fam USING btree ADD FUNCTION 1 (integer, bigint) public.cmp(integer,bigint);
COMMENT ON OPERATOR FAMILY fam USING btree IS 'numbers';
ALTER OPERATOR FAMILY fam USING btree OWNER TO confiture_test_owner;
-- down
DROP OPERATOR FAMILY fam USING btree;
ALTER OPERATOR === (integer, text) SET (RESTRICT = NONE, JOIN = NONE);
COMMENT ON OPERATOR === (integer, text) IS NULL;
ALTER OPERATOR === (integer, text) OWNER TO CURRENT_USER;
CREATE OPERATOR FAMILY public.fam USING btree;
