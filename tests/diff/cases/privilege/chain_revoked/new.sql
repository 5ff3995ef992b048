CREATE TABLE t(a int);
GRANT SELECT ON t TO confiture_test_owner;
GRANT SELECT ON t TO confiture_test_reader;
