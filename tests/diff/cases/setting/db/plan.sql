-- judged on PostgreSQL 15
-- up
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''8MB''', current_database());
END
$$;
-- down
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database());
END
$$;
