CREATE TABLE t(a int, b int, c int);
CREATE VIEW v AS SELECT t AS whole, a FROM t;
CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'select 1';
CREATE TABLE u(x v);
