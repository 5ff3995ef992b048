-- judged on PostgreSQL 15, of 7e3a58ed43a5126a
-- up
DO $$
BEGIN
    EXECUTE format('ALTER ROLE confiture_test_reader IN DATABASE %I SET search_path TO a, b', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''8MB''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER ROLE confiture_test_reader IN DATABASE %I SET work_mem TO ''1MB''', current_database());
END
$$;
-- down
DO $$
BEGIN
    EXECUTE format('ALTER ROLE confiture_test_reader IN DATABASE %I RESET work_mem', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER ROLE confiture_test_reader IN DATABASE %I RESET search_path', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database());
END
$$;
