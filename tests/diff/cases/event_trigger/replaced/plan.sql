-- judged on PostgreSQL 15, of b77c777edae87e4b
-- up
DROP EVENT TRIGGER e;
DROP EVENT TRIGGER f;
CREATE OR REPLACE FUNCTION public.ef()
 RETURNS event_trigger
 LANGUAGE plpgsql
AS $function$begin null; end$function$;
CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE VIEW') EXECUTE FUNCTION public.ef();
ALTER EVENT TRIGGER e ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER e IS 'e';
-- down
DROP EVENT TRIGGER e;
CREATE OR REPLACE FUNCTION public.ef()
 RETURNS event_trigger
 LANGUAGE plpgsql
AS $function$begin end$function$;
CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION ef();
CREATE EVENT TRIGGER f ON sql_drop EXECUTE FUNCTION ef();
