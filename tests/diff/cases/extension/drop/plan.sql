-- judged on PostgreSQL 15, of 3d8624c2b89f6aad
-- up
ALTER TABLE t ALTER COLUMN a TYPE text;
DROP EXTENSION citext;
DROP SCHEMA e;
-- down
CREATE SCHEMA e;
CREATE EXTENSION citext SCHEMA e;
ALTER TABLE t ALTER COLUMN a TYPE e.citext USING a::text::e.citext;
