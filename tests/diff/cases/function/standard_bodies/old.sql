CREATE TABLE t(a int, b text);
CREATE FUNCTION f(x int) RETURNS text RETURN x::text;
