CREATE OR REPLACE FUNCTION public.less(integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT $1 - 1$function$;
CREATE OPERATOR public.@@@ (
    FUNCTION = public.less,
    RIGHTARG = integer
);
