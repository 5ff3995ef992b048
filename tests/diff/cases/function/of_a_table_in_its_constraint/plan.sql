-- judged on PostgreSQL 15, of bdba643e22e4c81c
-- up
CREATE TABLE t (
    a integer
);
CREATE OR REPLACE FUNCTION public.f(public.t)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT true$function$;
ALTER TABLE t ADD CONSTRAINT c CHECK (f(t.*));
CREATE INDEX i ON t (f(t.*));
CREATE POLICY p ON t USING (f(t.*));
-- down
DROP POLICY p ON t;
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT c;
DROP FUNCTION f(public.t);
DROP TABLE t;
