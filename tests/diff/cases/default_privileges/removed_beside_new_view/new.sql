CREATE TABLE t(a int);
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO confiture_test_reader;
CREATE TABLE u(a int);
