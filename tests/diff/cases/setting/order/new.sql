DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''8MB''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.tenant TO ''one''', current_database());
    EXECUTE format('ALTER DATABASE %I SET search_path TO a, "B c"', current_database());
END
$$;
