CREATE OR REPLACE FUNCTION public.double(n integer, OUT doubled integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT n * 2$function$;
