-- judged on PostgreSQL 15, of 5a463a3c5e513106
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
