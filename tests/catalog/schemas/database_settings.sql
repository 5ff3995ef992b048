DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''10s''', current_database());
    EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database());
END $$;
