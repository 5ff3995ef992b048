-- judged on PostgreSQL 15, of ac9adafafb6cf120
-- up
ALTER TABLE t OWNER TO CURRENT_USER;
GRANT UPDATE (a) ON TABLE t TO confiture_test_reader;
ALTER POLICY p ON t USING (a IS NOT NULL);
ALTER TABLE t DROP COLUMN b;
-- down
ALTER TABLE t OWNER TO confiture_test_owner;
REVOKE UPDATE (a) ON TABLE t FROM confiture_test_reader;
ALTER TABLE t ADD COLUMN b int;
ALTER POLICY p ON t USING (b IS NOT NULL);
