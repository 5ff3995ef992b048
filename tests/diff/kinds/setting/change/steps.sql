DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.motto TO ''100%% it''''s''', current_database());
END
$$;
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO app, "$user"', current_database());
END
$$;
