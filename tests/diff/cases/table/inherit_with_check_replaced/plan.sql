-- judged on PostgreSQL 15, of a705d55fc49cd2de
-- up
ALTER TABLE p DROP CONSTRAINT c;
ALTER TABLE h ALTER COLUMN a DROP DEFAULT;
ALTER TABLE ONLY p ALTER COLUMN a DROP DEFAULT;
ALTER TABLE h NO INHERIT p;
ALTER TABLE h DROP COLUMN b;
ALTER TABLE h DROP COLUMN a;
ALTER TABLE p ALTER COLUMN a TYPE jsonb USING a::text::jsonb;
ALTER TABLE p ADD CONSTRAINT c CHECK ((a IS NOT NULL));
-- down
ALTER TABLE p DROP CONSTRAINT c;
ALTER TABLE p ALTER COLUMN a TYPE integer[] USING a::text::integer[];
ALTER TABLE h ADD COLUMN a integer[];
ALTER TABLE h ADD COLUMN b integer NOT NULL;
ALTER TABLE ONLY p ALTER COLUMN a SET DEFAULT '{}'::integer[];
ALTER TABLE h ADD CONSTRAINT c CHECK ((cardinality(a) < 5));
ALTER TABLE h INHERIT p;
ALTER TABLE h ALTER COLUMN a SET DEFAULT '{}'::integer[];
ALTER TABLE p ADD CONSTRAINT c CHECK ((cardinality(a) < 5));
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.h'::regclass AND attname = 'a';
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.h'::regclass AND attname = 'b';
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conrelid = 'public.h'::regclass AND conname = 'c';
