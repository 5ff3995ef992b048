-- judged on PostgreSQL 15, of c4a1ab49c22b8f56
-- up
DROP INDEX i;
ALTER TABLE c ALTER COLUMN a TYPE integer USING a::integer;
ALTER TABLE c ALTER COLUMN a SET NOT NULL;
ALTER TABLE c ALTER COLUMN b TYPE timestamp with time zone USING b::text::timestamp with time zone;
ALTER TABLE c INHERIT p;
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.c'::regclass AND attname = 'b';
-- down
ALTER TABLE c NO INHERIT p;
ALTER TABLE c ALTER COLUMN a TYPE text;
ALTER TABLE c ALTER COLUMN a DROP NOT NULL;
ALTER TABLE c ALTER COLUMN b TYPE jsonb USING b::text::jsonb;
CREATE INDEX i ON c (b);
