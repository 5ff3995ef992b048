-- judged on PostgreSQL 15, of 3eda349ab8ecdb6e
-- up
CREATE OR REPLACE FUNCTION public.f(integer)
 RETURNS integer
 LANGUAGE sql
 STABLE PARALLEL RESTRICTED STRICT SECURITY DEFINER LEAKPROOF COST 10
 SET search_path TO 'public', 'pg_temp'
 SET work_mem TO '8MB'
AS $function$select 1$function$;
COMMENT ON FUNCTION f(integer) IS 'f';
REVOKE EXECUTE ON FUNCTION f(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(integer) TO confiture_test_reader;
CREATE FUNCTION s() RETURNS SETOF int LANGUAGE sql rows 10 AS 'select 1';
ALTER FUNCTION s() OWNER TO confiture_test_owner;
-- down
DROP FUNCTION s();
CREATE OR REPLACE FUNCTION public.f(integer)
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
COMMENT ON FUNCTION f(integer) IS NULL;
REVOKE EXECUTE ON FUNCTION f(integer) FROM confiture_test_reader;
GRANT EXECUTE ON FUNCTION f(integer) TO PUBLIC;
