-- judged on PostgreSQL 15, of 02100a3e55de96ca
-- up
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET app.tenant', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''9MB''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO a, "B b"', current_database());
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
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''8MB''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.tenant TO ''x''', current_database());
END
$$;
