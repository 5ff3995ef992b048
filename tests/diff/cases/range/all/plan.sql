-- judged on PostgreSQL 15, of f1c1621bb67c84db
-- up
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = bigint);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
DROP TYPE r__old;
CREATE TYPE fr AS RANGE (subtype = float8, subtype_diff = float8mi);
-- down
DROP TYPE fr;
ALTER TYPE r RENAME TO r__old;
ALTER TYPE r_multirange RENAME TO r_multirange__old;
ALTER FUNCTION r_multirange() RENAME TO r_multirange__old;
CREATE TYPE r AS RANGE (subtype = int);
ALTER TABLE t ALTER COLUMN a TYPE public.r USING a::text::public.r;
DROP TYPE r__old;
