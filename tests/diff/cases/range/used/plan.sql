-- judged on PostgreSQL 15, of 86d5274e21aa7ddb
-- up
DROP INDEX i;
DROP FUNCTION f(public.r);
ALTER TABLE t DROP COLUMN b;
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = timestamptz);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
DROP TYPE r__old;
-- down
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = numeric);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
DROP TYPE r__old;
ALTER TABLE t ADD COLUMN b r[];
CREATE FUNCTION f(r) RETURNS boolean LANGUAGE sql AS 'select isempty($1)';
CREATE INDEX i ON t USING gist (a);
