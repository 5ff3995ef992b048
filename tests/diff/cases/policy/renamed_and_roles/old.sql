CREATE TABLE t(a int);
CREATE POLICY p ON t TO confiture_test_reader USING (a > 0) WITH CHECK (a > 0);
CREATE POLICY q ON t USING (TRUE);
