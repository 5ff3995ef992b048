CREATE FUNCTION eq(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION cmp(integer, bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = integer, RIGHTARG = text, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD
    OPERATOR 1 < (integer, bigint), FUNCTION 1 (integer, bigint) cmp(integer, bigint);
CREATE TABLE t (a integer, b text, CHECK (a === b));
COMMENT ON OPERATOR === (integer, text) IS 'alike';
COMMENT ON OPERATOR FAMILY fam USING btree IS 'numbers';
ALTER OPERATOR === (integer, text) OWNER TO confiture_test_owner;
ALTER OPERATOR FAMILY fam USING btree OWNER TO confiture_test_owner;
