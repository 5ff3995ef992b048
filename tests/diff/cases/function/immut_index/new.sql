CREATE FUNCTION f(b int) RETURNS int IMMUTABLE STRICT PARALLEL safe COST 5 LANGUAGE sql AS 'select b+1';
CREATE TABLE t(a int);
CREATE INDEX i ON t(f(a));
CREATE FUNCTION g(x int, y text DEFAULT 'q') RETURNS int LANGUAGE plpgsql AS 'begin return x+1; end';
