CREATE TABLE t(a int, b int);
CREATE VIEW v AS SELECT a, b FROM t;
GRANT SELECT (a) ON v TO confiture_test_reader;
GRANT UPDATE (b) ON v TO confiture_test_writer;
