-- judged on PostgreSQL 15, of c523eaf76904b726
-- up
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER DOMAIN d RENAME TO d__old;
CREATE DOMAIN d AS text COLLATE "C";
ALTER TABLE t ALTER COLUMN a TYPE public.d USING a::text::public.d;
ALTER TABLE t ALTER COLUMN b TYPE public.d[] USING b::text[]::public.d[];
DROP DOMAIN d__old;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'::text;
-- down
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER DOMAIN d RENAME TO d__old;
CREATE DOMAIN d AS varchar(10);
ALTER TABLE t ALTER COLUMN a TYPE public.d USING a::text::public.d;
ALTER TABLE t ALTER COLUMN b TYPE public.d[] USING b::text[]::public.d[];
DROP DOMAIN d__old;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'::character varying;
