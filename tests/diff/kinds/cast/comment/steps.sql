COMMENT ON CAST (public.mood AS bigint) IS 'By its name';
