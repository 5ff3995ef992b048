-- judged on PostgreSQL 15, of 0c3a966b3eb2c028
-- up
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION me() RETURNS text STABLE LANGUAGE sql AS 'select current_user::text';
CREATE POLICY p ON t FOR SELECT TO confiture_test_reader USING (EXISTS (SELECT FROM m WHERE m.a = t.a AND m.u = me()));
CREATE POLICY q ON t FOR INSERT WITH CHECK (a IN (SELECT a FROM m));
CREATE POLICY r ON t AS restrictive FOR ALL TO confiture_test_writer, confiture_test_reader USING (o = CURRENT_USER) WITH CHECK (TRUE);
-- down
DROP POLICY p ON t;
DROP POLICY q ON t;
DROP POLICY r ON t;
DROP FUNCTION me();
ALTER TABLE t DISABLE ROW LEVEL SECURITY;
