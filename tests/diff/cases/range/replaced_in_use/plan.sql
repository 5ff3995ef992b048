-- judged on PostgreSQL 15, of 5672278a9e1abc43
-- up
DROP INDEX i;
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = bigint);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
ALTER TABLE t ALTER COLUMN b TYPE public.r[] USING b::text[]::public.r[];
DROP TYPE r__old;
CREATE INDEX i ON t USING gist (a);
-- down
DROP INDEX i;
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = int);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
ALTER TABLE t ALTER COLUMN b TYPE public.r[] USING b::text[]::public.r[];
DROP TYPE r__old;
CREATE INDEX i ON t USING gist (a);
