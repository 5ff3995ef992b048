DROP FUNCTION pair();
CREATE OR REPLACE FUNCTION public.pair()
 RETURNS TABLE(a integer, b text, c integer)
 LANGUAGE sql
AS $function$ SELECT 1, 'x', 2 $function$;
