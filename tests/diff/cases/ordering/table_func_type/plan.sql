-- judged on PostgreSQL 15, of 53e3e6ff271a4411
-- up
SET check_function_bodies = off;
CREATE OR REPLACE FUNCTION public.f(public.t)
 RETURNS integer
 LANGUAGE sql
AS $function$select $1.a + $1.b$function$;
CREATE TABLE u(x t);
ALTER TABLE t ADD COLUMN b int;
CREATE INDEX ui ON u((f(x)));
RESET check_function_bodies;
-- down
ALTER TABLE t DROP COLUMN b;
DROP TABLE u;
CREATE OR REPLACE FUNCTION public.f(public.t)
 RETURNS integer
 LANGUAGE sql
AS $function$select $1.a$function$;
