DO $$ begin execute format('alter database %I set work_mem = %L', current_database(), '9MB'); execute format('alter database %I set search_path = a, "B b"', current_database()); end $$;
