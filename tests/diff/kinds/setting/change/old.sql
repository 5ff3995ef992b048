DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET work_mem TO ''5MB''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.motto TO ''more''', current_database());
END
$$;
