CREATE TABLE t(a int, b int);
GRANT SELECT ON t TO confiture_test_reader;
GRANT ALL ON t TO app_role;
GRANT SELECT (a) ON t TO test;
