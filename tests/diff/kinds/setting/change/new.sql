DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO app, "$user"', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.motto TO ''100%% it''''s''', current_database());
END
$$;
