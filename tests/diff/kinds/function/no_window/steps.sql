DROP FUNCTION number();
CREATE OR REPLACE FUNCTION public.number()
 RETURNS bigint
 LANGUAGE internal
AS $function$window_row_number$function$;
