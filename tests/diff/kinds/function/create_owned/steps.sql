CREATE OR REPLACE FUNCTION public.double(n integer, OUT twice integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT n * 2$function$;
COMMENT ON FUNCTION double(integer) IS 'Twice as much';
ALTER FUNCTION double(integer) OWNER TO confiture_writer;
REVOKE EXECUTE ON FUNCTION double(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION double(integer) TO confiture_reader WITH GRANT OPTION;
