-- judged on PostgreSQL 15, of 8a27da23739559ec
-- up
DROP VIEW w;
DROP FUNCTION f(public.b);
DROP DOMAIN da;
ALTER TYPE a RENAME TO a__old;
CREATE TYPE a AS (x bigint, y text, z date);
ALTER TYPE b RENAME TO b__old;
CREATE TYPE b AS (p a, q a[], r int);
ALTER TABLE t ALTER COLUMN v TYPE public.b USING v::text::public.b;
DROP TYPE b__old;
DROP TYPE a__old;
CREATE DOMAIN da AS a CHECK ((value).x > 0);
CREATE FUNCTION f(b) RETURNS a LANGUAGE sql AS 'select $1.p';
CREATE VIEW w AS SELECT (v).p FROM t;
-- down
DROP VIEW w;
DROP FUNCTION f(public.b);
DROP DOMAIN da;
ALTER TYPE a RENAME TO a__old;
CREATE TYPE a AS (x int, y text);
ALTER TYPE b RENAME TO b__old;
CREATE TYPE b AS (p a, q a[]);
ALTER TABLE t ALTER COLUMN v TYPE public.b USING v::text::public.b;
DROP TYPE b__old;
DROP TYPE a__old;
CREATE DOMAIN da AS a CHECK ((value).x > 0);
CREATE FUNCTION f(b) RETURNS a LANGUAGE sql AS 'select $1.p';
CREATE VIEW w AS SELECT (v).p FROM t;
