CREATE TABLE t(a int, o text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO confiture_test_writer, confiture_test_reader USING (a > 5) WITH CHECK (a < 9);
CREATE POLICY q ON t FOR UPDATE TO public USING (a > 1);
CREATE POLICY z ON t AS restrictive FOR DELETE USING (o = CURRENT_USER);
COMMENT ON POLICY z ON t IS 'zz';
