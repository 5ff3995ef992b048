-- judged on PostgreSQL 15, of 28a0dc3d831f65ee
-- up
DROP POLICY p ON t;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
ALTER POLICY q ON t TO postgres;
CREATE POLICY p2 ON t TO confiture_test_reader USING (a > 0) WITH CHECK (a > 0);
-- down
DROP POLICY p2 ON t;
ALTER TABLE t NO FORCE ROW LEVEL SECURITY;
ALTER POLICY q ON t TO PUBLIC;
CREATE POLICY p ON t TO confiture_test_reader USING (a > 0) WITH CHECK (a > 0);
