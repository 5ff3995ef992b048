DO $$ begin execute format('alter database %I set work_mem = %L', current_database(), '8MB'); execute format('alter database %I set app.tenant = %L', current_database(), 'x'); end $$;
