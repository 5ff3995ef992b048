-- pg >= 13
CREATE DOMAIN d AS bigint CHECK (value > 0);
CREATE DOMAIN dd AS d CHECK (value < 100);
CREATE TYPE c AS (x d);
CREATE TABLE t(a d DEFAULT 3, b dd, e d[]);
CREATE INDEX i ON t(a);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(d) RETURNS dd LANGUAGE sql AS 'select $1';
COMMENT ON DOMAIN d IS 'd';
GRANT usage ON DOMAIN d TO confiture_test_reader;
