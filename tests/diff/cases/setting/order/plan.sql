-- judged on PostgreSQL 15, of 1e1c0ffe8123e771
-- up
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''8MB''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.tenant TO ''one''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO a, "B c"', current_database());
END
$$;
-- down
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET search_path', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET app.tenant', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database());
END
$$;
