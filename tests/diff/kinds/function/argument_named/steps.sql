CREATE OR REPLACE FUNCTION public.double(n integer DEFAULT 1)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT n * 2$function$;
