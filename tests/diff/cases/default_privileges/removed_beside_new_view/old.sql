ALTER DEFAULT privileges GRANT SELECT ON TABLES TO confiture_test_reader;
CREATE TABLE t(a int);
