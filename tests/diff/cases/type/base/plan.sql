-- judged on PostgreSQL 15, of 08ed598b58ded921
-- up
CREATE TYPE my_int;
CREATE TYPE public.shell;
CREATE FUNCTION my_in(cstring) RETURNS my_int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION my_out(my_int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.my_int (
    INPUT = public.my_in,
    OUTPUT = public.my_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4,
    STORAGE = plain
);
COMMENT ON TYPE my_int IS 'mine';
CREATE TABLE t(a my_int);
-- down
DROP TABLE t;
DROP TYPE my_int CASCADE;
DROP TYPE shell;
