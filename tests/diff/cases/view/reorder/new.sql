CREATE TABLE t(a int, b int, c int);
CREATE VIEW v AS SELECT b, a FROM t;
CREATE VIEW w AS SELECT a FROM v;
COMMENT ON COLUMN v.a IS 'y';
GRANT SELECT (b) ON v TO confiture_test_reader;
