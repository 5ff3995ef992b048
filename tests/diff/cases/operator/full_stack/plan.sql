-- judged on PostgreSQL 15, of ebda6849bd011379
-- up
CREATE TYPE c AS (a int);
CREATE TABLE t(v c);
CREATE FUNCTION c_eq(c, c) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select $1.a = $2.a';
CREATE FUNCTION c_lt(c, c) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select $1.a < $2.a';
CREATE FUNCTION c_cmp(c, c) RETURNS int IMMUTABLE LANGUAGE sql AS 'select $1.a - $2.a';
CREATE OPERATOR === (leftarg = c, rightarg = c, FUNCTION = c_eq, commutator = ===, hashes, merges);
ALTER OPERATOR === (public.c, public.c) OWNER TO confiture_test_owner;
CREATE OPERATOR <<< (leftarg = c, rightarg = c, FUNCTION = c_lt, RESTRICT = scalarltsel, join = scalarltjoinsel);
CREATE OPERATOR FAMILY public.fam USING btree;
COMMENT ON OPERATOR FAMILY fam USING btree IS 'fam';
CREATE OPERATOR CLASS public.cls FOR TYPE public.c USING btree FAMILY public.fam AS
    OPERATOR 1 public.<<<(public.c,public.c),
    OPERATOR 3 public.===(public.c,public.c),
    FUNCTION 1 (public.c, public.c) public.c_cmp(public.c,public.c);
COMMENT ON OPERATOR CLASS cls USING btree IS 'cls';
ALTER OPERATOR CLASS cls USING btree OWNER TO confiture_test_owner;
CREATE INDEX i ON t(v cls);
CREATE VIEW w AS SELECT v === v AS same FROM t;
-- down
DROP VIEW w;
DROP TABLE t;
DROP OPERATOR CLASS cls USING btree;
DROP OPERATOR FAMILY fam USING btree;
DROP OPERATOR <<< (public.c, public.c);
DROP OPERATOR === (public.c, public.c);
DROP FUNCTION c_cmp(public.c, public.c);
DROP FUNCTION c_eq(public.c, public.c);
DROP FUNCTION c_lt(public.c, public.c);
DROP TYPE c;
