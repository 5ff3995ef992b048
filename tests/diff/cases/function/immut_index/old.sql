CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select a';
CREATE TABLE t(a int);
CREATE INDEX i ON t(f(a));
CREATE FUNCTION g(x int DEFAULT 5, y text DEFAULT 'q') RETURNS int LANGUAGE plpgsql AS 'begin return x; end';
