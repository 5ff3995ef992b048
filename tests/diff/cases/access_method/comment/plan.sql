-- judged on PostgreSQL 15, of a405b3986fcba78e
-- up
COMMENT ON ACCESS METHOD h IS 'a heap';
CREATE CAST (public.e AS integer) WITH FUNCTION public.f(public.e) AS ASSIGNMENT;
COMMENT ON CAST (public.e AS integer) IS 'counted';
-- down
DROP CAST (public.e AS integer);
COMMENT ON ACCESS METHOD h IS NULL;
