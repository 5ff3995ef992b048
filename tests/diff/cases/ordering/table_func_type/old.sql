CREATE TABLE t(a int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'select $1.a';
