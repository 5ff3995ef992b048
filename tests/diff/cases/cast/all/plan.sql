-- judged on PostgreSQL 15, of 7ac423f1c9455b2f
-- up
CREATE CAST (public.m AS integer) WITH FUNCTION public.f(public.m) AS ASSIGNMENT;
COMMENT ON CAST (public.m AS integer) IS 'c';
-- down
DROP CAST (public.m AS integer);
