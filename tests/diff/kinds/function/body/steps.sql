CREATE OR REPLACE FUNCTION public.double(n integer)
 RETURNS integer
 LANGUAGE sql
 STABLE COST 5
AS $function$SELECT n + n$function$;
