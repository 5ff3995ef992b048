CREATE TABLE t(a int, b int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'select $1.a + $1.b';
CREATE TABLE u(x t);
CREATE INDEX ui ON u((f(x)));
