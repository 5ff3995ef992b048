CREATE TYPE a AS (x bigint, y text, z date);
CREATE TYPE b AS (p a, q a[], r int);
CREATE TABLE t(v b);
CREATE FUNCTION f(b) RETURNS a LANGUAGE sql AS 'select $1.p';
CREATE DOMAIN da AS a CHECK ((value).x > 0);
CREATE VIEW w AS SELECT (v).p FROM t;
