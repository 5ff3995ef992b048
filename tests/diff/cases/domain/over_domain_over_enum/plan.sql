-- judged on PostgreSQL 15, of 5e2b930ac6092cbe
-- up
ALTER TYPE e RENAME TO e__old;
CREATE TYPE e AS ENUM ('b', 'a');
ALTER DOMAIN d1 RENAME TO d1__old;
CREATE DOMAIN d1 AS e;
ALTER DOMAIN d2 RENAME TO d2__old;
CREATE DOMAIN d2 AS d1 DEFAULT 'b';
ALTER TABLE t ALTER COLUMN a TYPE public.d2 USING a::text::public.d2;
ALTER TABLE t ALTER COLUMN b TYPE public.d2[] USING b::text[]::public.d2[];
DROP DOMAIN d2__old;
DROP DOMAIN d1__old;
DROP TYPE e__old;
-- down
ALTER TYPE e RENAME TO e__old;
CREATE TYPE e AS ENUM ('a', 'b', 'c');
ALTER DOMAIN d1 RENAME TO d1__old;
CREATE DOMAIN d1 AS e CHECK (value <> 'c');
ALTER DOMAIN d2 RENAME TO d2__old;
CREATE DOMAIN d2 AS d1 DEFAULT 'a' NOT NULL;
ALTER TABLE t ALTER COLUMN a TYPE public.d2 USING a::text::public.d2;
ALTER TABLE t ALTER COLUMN b TYPE public.d2[] USING b::text[]::public.d2[];
DROP DOMAIN d2__old;
DROP DOMAIN d1__old;
DROP TYPE e__old;
