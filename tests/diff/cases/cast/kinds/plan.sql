-- judged on PostgreSQL 15, of a3d1ba9030183255
-- up
DROP CAST (public.m AS integer);
CREATE FUNCTION g(int) RETURNS m LANGUAGE sql IMMUTABLE AS 'select row($1)::m';
CREATE CAST (m AS int) WITH FUNCTION f(m);
CREATE CAST (int AS m) WITH FUNCTION g(int) AS assignment;
CREATE TABLE t(x m DEFAULT 3::m);
CREATE CAST (m AS text) WITH inout AS assignment;
CREATE VIEW v AS SELECT x::int AS i FROM t;
-- down
DROP VIEW v;
DROP CAST (public.m AS integer);
DROP CAST (public.m AS text);
DROP TABLE t;
DROP CAST (integer AS public.m);
DROP FUNCTION g(integer);
CREATE CAST (public.m AS integer) WITH FUNCTION public.f(public.m) AS IMPLICIT;
