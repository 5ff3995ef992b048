CREATE TABLE t(a int, b int);
CREATE VIEW v AS SELECT a, b, a + b AS c FROM t;
GRANT SELECT (a, c) ON v TO confiture_test_reader;
GRANT ALL ON v TO confiture_test_writer;
