-- judged on PostgreSQL 15, of fc048bea4f90e0b2
-- up
DROP INDEX i;
DROP OPERATOR CLASS oc USING btree;
CREATE OPERATOR CLASS public.oc FOR TYPE integer USING btree FAMILY public.oc AS
    OPERATOR 1 >(integer,integer),
    OPERATOR 2 >=(integer,integer),
    OPERATOR 3 =(integer,integer),
    OPERATOR 4 <=(integer,integer),
    OPERATOR 5 <(integer,integer),
    FUNCTION 1 (integer, integer) public.cmp(integer,integer);
COMMENT ON OPERATOR CLASS oc USING btree IS 'the other way';
ALTER OPERATOR CLASS oc USING btree OWNER TO confiture_test_owner;
CREATE INDEX i ON t (a oc);
-- down
DROP INDEX i;
DROP OPERATOR CLASS oc USING btree;
CREATE OPERATOR CLASS public.oc FOR TYPE integer USING btree FAMILY public.oc AS
    OPERATOR 1 <(integer,integer),
    OPERATOR 2 <=(integer,integer),
    OPERATOR 3 =(integer,integer),
    OPERATOR 4 >=(integer,integer),
    OPERATOR 5 >(integer,integer),
    FUNCTION 1 (integer, integer) public.cmp(integer,integer);
CREATE INDEX i ON t (a oc);
