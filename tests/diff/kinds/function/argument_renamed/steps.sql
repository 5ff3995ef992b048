DROP VIEW numbers;
DROP FUNCTION double(integer);
CREATE OR REPLACE FUNCTION public.double(m integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT m * 2$function$;
CREATE VIEW numbers AS
 SELECT public.double(2) AS double;
