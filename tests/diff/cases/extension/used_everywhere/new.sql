CREATE EXTENSION pg_trgm;
CREATE EXTENSION citext;
CREATE TABLE t(a text, b citext DEFAULT 'x');
CREATE INDEX i ON t USING gin (a gin_trgm_ops);
CREATE VIEW v AS SELECT a, similarity(a, 'x') AS s FROM t;
CREATE DOMAIN d AS citext CHECK (value <> '');
