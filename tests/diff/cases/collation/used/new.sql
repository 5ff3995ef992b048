CREATE COLLATION c (provider = icu, locale = 'de', deterministic = FALSE);
CREATE TABLE t(a text COLLATE c, b text[] COLLATE c, PRIMARY KEY (a));
CREATE INDEX i ON t(b);
CREATE DOMAIN d AS text COLLATE c;
CREATE VIEW v AS SELECT a COLLATE c AS x FROM t;
CREATE TYPE ct AS (x text COLLATE c);
