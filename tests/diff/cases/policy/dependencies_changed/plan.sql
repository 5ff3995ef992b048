-- judged on PostgreSQL 15, of ef73967468702ec2
-- up
DROP POLICY p ON t;
DROP FUNCTION me();
ALTER TABLE t ALTER COLUMN a TYPE bigint;
ALTER TABLE m ALTER COLUMN a TYPE bigint;
ALTER TABLE m ADD COLUMN extra int;
CREATE FUNCTION me() RETURNS name STABLE LANGUAGE sql AS 'select current_user';
CREATE POLICY p ON t FOR SELECT TO confiture_test_reader USING (EXISTS (SELECT FROM m WHERE m.a = t.a AND m.u = me()));
-- down
DROP POLICY p ON t;
DROP FUNCTION me();
ALTER TABLE m DROP COLUMN extra;
ALTER TABLE t ALTER COLUMN a TYPE integer;
ALTER TABLE m ALTER COLUMN a TYPE integer;
CREATE FUNCTION me() RETURNS text STABLE LANGUAGE sql AS 'select current_user::text';
CREATE POLICY p ON t FOR SELECT TO confiture_test_reader USING (EXISTS (SELECT FROM m WHERE m.a = t.a AND m.u = me()));
