CREATE TABLE t(a int, b int, c int);
GRANT SELECT (a, b), UPDATE (c) ON t TO confiture_test_reader;
GRANT INSERT ON t TO confiture_test_writer;
GRANT REFERENCES (a) ON t TO confiture_test_writer WITH GRANT option;
