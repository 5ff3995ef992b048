CREATE TABLE z(i int);
CREATE TYPE my_int;
CREATE FUNCTION my_in(cstring) RETURNS my_int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION my_out(my_int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE my_int (input = my_in, output = my_out, like = integer);
CREATE TABLE t(a my_int);
CREATE TYPE shell;
COMMENT ON TYPE my_int IS 'mine';
