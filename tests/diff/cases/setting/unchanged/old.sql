DO $$ begin execute format('alter database %I set work_mem = %L', current_database(), '8MB'); end $$;
CREATE TABLE t(a int);
