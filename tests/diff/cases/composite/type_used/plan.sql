-- judged on PostgreSQL 15, of 922006d0e51bfa0f
-- up
DROP FUNCTION f(public.c);
ALTER TYPE c RENAME TO c__old;
CREATE TYPE c AS (a bigint, b text COLLATE "C");
ALTER TABLE t ALTER COLUMN x TYPE public.c USING x::text::public.c;
DROP TYPE c__old;
CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1';
-- down
DROP FUNCTION f(public.c);
ALTER TYPE c RENAME TO c__old;
CREATE TYPE c AS (a int, b text);
ALTER TABLE t ALTER COLUMN x TYPE public.c USING x::text::public.c;
DROP TYPE c__old;
CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1';
