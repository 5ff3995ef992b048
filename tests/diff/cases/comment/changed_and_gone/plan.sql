-- judged on PostgreSQL 15, of bddacafa9d496b92
-- up
COMMENT ON TABLE t IS 'o''ne
	two';
COMMENT ON COLUMN t.a IS NULL;
COMMENT ON COLUMN t.b IS NULL;
CREATE OR REPLACE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 2$function$;
COMMENT ON FUNCTION f() IS 'five and a half';
COMMENT ON VIEW v IS NULL;
-- down
COMMENT ON TABLE t IS 'one';
COMMENT ON COLUMN t.a IS 'two';
COMMENT ON COLUMN t.b IS 'three';
CREATE OR REPLACE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$;
COMMENT ON FUNCTION f() IS 'five';
COMMENT ON VIEW v IS 'four';
