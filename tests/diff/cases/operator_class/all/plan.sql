-- judged on PostgreSQL 15, of a12a6ce2558694a0
-- up
CREATE TABLE t(a int);
CREATE OPERATOR FAMILY public.oc USING btree;
CREATE OPERATOR CLASS public.oc FOR TYPE integer USING btree FAMILY public.oc AS
    OPERATOR 1 <(integer,integer),
    OPERATOR 2 <=(integer,integer),
    OPERATOR 3 =(integer,integer),
    OPERATOR 4 >=(integer,integer),
    OPERATOR 5 >(integer,integer),
    FUNCTION 1 (integer, integer) public.cmp(integer,integer);
CREATE INDEX i ON t(a oc);
-- down
DROP TABLE t;
DROP OPERATOR CLASS oc USING btree;
DROP OPERATOR FAMILY oc USING btree;
