DROP CAST (public.mood AS integer);
CREATE CAST (public.mood AS bigint) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (public.mood AS bigint) IS 'By its name';
CREATE CAST (public.mood AS integer) WITH FUNCTION public.rank(public.mood) AS ASSIGNMENT;
