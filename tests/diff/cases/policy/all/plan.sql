-- judged on PostgreSQL 15, of b35a1c4bcba37799
-- up
DROP POLICY q ON t;
ALTER POLICY p ON t
    TO confiture_test_reader, confiture_test_writer
    USING (a > 5)
    WITH CHECK (a < 9);
CREATE POLICY q ON t FOR UPDATE TO public USING (a > 1);
CREATE POLICY z ON t AS restrictive FOR DELETE USING (o = CURRENT_USER);
COMMENT ON POLICY z ON t IS 'zz';
-- down
DROP POLICY p ON t;
DROP POLICY q ON t;
DROP POLICY z ON t;
CREATE POLICY p ON t USING (a > 0);
CREATE POLICY q ON t FOR INSERT TO confiture_test_writer WITH CHECK (a > 1);
