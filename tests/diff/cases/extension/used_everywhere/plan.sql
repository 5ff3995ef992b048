-- judged on PostgreSQL 15, of 3e0201531157c06c
-- up
CREATE EXTENSION pg_trgm;
CREATE EXTENSION citext;
CREATE DOMAIN d AS citext CHECK (value <> '');
ALTER TABLE t ADD COLUMN b citext DEFAULT 'x';
CREATE INDEX i ON t USING gin (a gin_trgm_ops);
CREATE VIEW v AS SELECT a, similarity(a, 'x') AS s FROM t;
-- down
DROP VIEW v;
DROP INDEX i;
ALTER TABLE t DROP COLUMN b;
DROP DOMAIN d;
DROP EXTENSION citext;
DROP EXTENSION pg_trgm;
