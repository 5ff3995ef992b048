CREATE TABLE t(a int);
CREATE POLICY p ON t USING (a IS NOT NULL);
GRANT UPDATE (a) ON t TO confiture_test_reader;
