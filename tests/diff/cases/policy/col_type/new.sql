CREATE TABLE t(a numeric);
CREATE POLICY p ON t USING (a > 0);
