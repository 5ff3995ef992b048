CREATE TABLE t(a int, b int);
CREATE POLICY p ON t USING (b IS NOT NULL);
ALTER TABLE t OWNER TO confiture_test_owner;
