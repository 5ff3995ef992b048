-- judged on PostgreSQL 15, of f270381ae8b2a7b4
-- up
ALTER TABLE ONLY p DROP COLUMN c;
ALTER TABLE c DROP COLUMN c;
ALTER TABLE ONLY p DROP COLUMN b;
ALTER TABLE d DROP COLUMN b;
-- down
ALTER TABLE p ADD COLUMN b text;
ALTER TABLE p ADD COLUMN c date;
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'b';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.d'::regclass AND attname = 'c';
