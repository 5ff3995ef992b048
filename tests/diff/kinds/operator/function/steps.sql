DROP OPERATOR === (integer, text);
DROP FUNCTION alike(integer, text);
CREATE OR REPLACE FUNCTION public.same(integer, text)
 RETURNS boolean
 LANGUAGE sql
AS $function$SELECT true$function$;
CREATE OPERATOR public.=== (
    FUNCTION = public.same,
    LEFTARG = integer,
    RIGHTARG = text
);
ALTER OPERATOR === (integer, text) OWNER TO confiture_writer;
