DROP STATISTICS ab;
CREATE STATISTICS public.ab (dependencies) ON a, b FROM public.users;
