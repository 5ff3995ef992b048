-- judged on PostgreSQL 15, of 86ff2d85c487e488
-- up
DROP INDEX i;
ALTER EXTENSION citext SET SCHEMA ext;
ALTER TABLE t ALTER COLUMN a TYPE ext.citext USING a::text::ext.citext;
ALTER TABLE t ALTER COLUMN b TYPE ext.citext[] USING b::text[]::ext.citext[];
CREATE INDEX i ON t(a);
-- down
DROP INDEX i;
ALTER EXTENSION citext SET SCHEMA public;
ALTER TABLE t ALTER COLUMN a TYPE public.citext USING a::text::public.citext;
ALTER TABLE t ALTER COLUMN b TYPE public.citext[] USING b::text[]::public.citext[];
CREATE INDEX i ON t(a);
