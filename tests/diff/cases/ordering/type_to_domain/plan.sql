-- judged on PostgreSQL 15, of 3fdf7604cd55bf4a
-- up
ALTER TYPE x RENAME TO x__old;
CREATE DOMAIN x AS text;
ALTER TABLE t ALTER COLUMN a TYPE public.x USING a::text::public.x;
DROP TYPE x__old;
-- down
ALTER DOMAIN x RENAME TO x__old;
CREATE TYPE x AS ENUM ('a');
ALTER TABLE t ALTER COLUMN a TYPE public.x USING a::text::public.x;
DROP DOMAIN x__old;
