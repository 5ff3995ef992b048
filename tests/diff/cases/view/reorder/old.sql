CREATE TABLE t(a int, b int, c int);
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON COLUMN v.a IS 'x';
GRANT SELECT (a) ON v TO confiture_test_reader;
