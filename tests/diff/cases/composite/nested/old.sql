CREATE TYPE a AS (x int, y text);
CREATE TYPE b AS (p a, q a[]);
CREATE TABLE t(v b);
CREATE FUNCTION f(b) RETURNS a LANGUAGE sql AS 'select $1.p';
CREATE DOMAIN da AS a CHECK ((value).x > 0);
CREATE VIEW w AS SELECT (v).p FROM t;
