-- judged on PostgreSQL 15, of fc1ca9cf3937ae31
-- up
DROP INDEX i;
DROP FUNCTION f(integer);
DROP FUNCTION g(integer, text);
CREATE FUNCTION f(b int) RETURNS int IMMUTABLE STRICT PARALLEL safe COST 5 LANGUAGE sql AS 'select b+1';
CREATE FUNCTION g(x int, y text DEFAULT 'q') RETURNS int LANGUAGE plpgsql AS 'begin return x+1; end';
CREATE INDEX i ON t(f(a));
-- down
DROP INDEX i;
DROP FUNCTION f(integer);
CREATE OR REPLACE FUNCTION public.g(x integer DEFAULT 5, y text DEFAULT 'q'::text)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$begin return x; end$function$;
CREATE FUNCTION f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select a';
CREATE INDEX i ON t(f(a));
