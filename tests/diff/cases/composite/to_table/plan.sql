-- judged on PostgreSQL 15, of 18501ea200656730
-- up
DROP FUNCTION f(public.x);
DROP TYPE x;
CREATE TABLE x(a int, b text);
CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'select 1';
-- down
DROP FUNCTION f(public.x);
DROP TABLE x;
CREATE TYPE x AS (a int, b text);
CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'select 1';
