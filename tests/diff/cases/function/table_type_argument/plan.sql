-- judged on PostgreSQL 15, of e324d08b0fd3f04e
-- up
SET check_function_bodies = off;
DROP FUNCTION g();
ALTER TABLE t DROP COLUMN b;
CREATE OR REPLACE FUNCTION public.f(r public.t)
 RETURNS text
 LANGUAGE sql
AS $function$select r.c$function$;
ALTER TABLE t ADD COLUMN c text;
CREATE FUNCTION g() RETURNS TABLE (x int, y t, z int) LANGUAGE sql AS 'select 1, null::t, 2';
RESET check_function_bodies;
-- down
SET check_function_bodies = off;
DROP FUNCTION g();
ALTER TABLE t DROP COLUMN c;
CREATE OR REPLACE FUNCTION public.f(r public.t)
 RETURNS text
 LANGUAGE sql
AS $function$select r.b$function$;
ALTER TABLE t ADD COLUMN b text;
CREATE FUNCTION g() RETURNS TABLE (x int, y t) LANGUAGE sql AS 'select 1, null::t';
RESET check_function_bodies;
