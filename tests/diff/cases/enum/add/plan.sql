-- judged on PostgreSQL 15, of a814a901c4ebc62c
-- up, not in a transaction
ALTER TYPE e ADD VALUE 'a' BEFORE 'b';
ALTER TYPE e ADD VALUE 'c' AFTER 'b';
ALTER TYPE e ADD VALUE 'f';
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'c'::public.e;
-- down
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER TYPE e RENAME TO e__old;
CREATE TYPE e AS ENUM ('b','d');
ALTER TABLE t ALTER COLUMN a TYPE public.e USING a::text::public.e;
DROP TYPE e__old;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'b'::public.e;
