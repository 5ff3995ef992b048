CREATE FUNCTION f(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select true';
CREATE FUNCTION g(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select false';
CREATE OPERATOR === (leftarg = int, rightarg = int, FUNCTION = g);
CREATE TABLE t(a int, CHECK (a === 1));
CREATE INDEX i ON t((a === 2));
CREATE VIEW v AS SELECT a === 3 AS x FROM t;
