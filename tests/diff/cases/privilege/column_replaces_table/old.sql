CREATE TABLE t(a int, b int, c int);
GRANT SELECT, UPDATE ON t TO confiture_test_reader;
GRANT INSERT (a) ON t TO confiture_test_writer;
