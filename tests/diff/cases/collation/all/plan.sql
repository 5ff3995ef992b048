-- judged on PostgreSQL 15, of 6e9c6c4d779699fe
-- up
ALTER COLLATION c RENAME TO c__old;
CREATE COLLATION c (provider=icu, locale='de');
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE public.c USING a::text::text;
DROP COLLATION c__old;
CREATE COLLATION c2 FROM "C";
-- down
DROP COLLATION c2;
ALTER COLLATION c RENAME TO c__old;
CREATE COLLATION c (locale='C');
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE public.c USING a::text::text;
DROP COLLATION c__old;
