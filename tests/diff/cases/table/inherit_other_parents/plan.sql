-- judged on PostgreSQL 15, of a534ee273e21ea8c
-- up
ALTER TABLE c NO INHERIT p;
ALTER TABLE c NO INHERIT q;
ALTER TABLE c INHERIT q;
ALTER TABLE c INHERIT p;
ALTER TABLE d NO INHERIT p;
ALTER TABLE d INHERIT r;
ALTER TABLE e INHERIT p;
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'b';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.d'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.e'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = 'public.c'::regclass AND conname = 'positive';
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = 'public.d'::regclass AND conname = 'positive';
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = 'public.e'::regclass AND conname = 'positive';
-- down
ALTER TABLE c NO INHERIT q;
ALTER TABLE c NO INHERIT p;
ALTER TABLE c INHERIT p;
ALTER TABLE c INHERIT q;
ALTER TABLE e NO INHERIT p;
ALTER TABLE d ADD CONSTRAINT positive CHECK ((a > 0));
ALTER TABLE d NO INHERIT r;
ALTER TABLE d INHERIT p;
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'b';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.d'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = 'public.c'::regclass AND conname = 'positive';
