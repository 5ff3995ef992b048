CREATE TABLE t(a int, o text);
CREATE TABLE m(u text, a int);
CREATE FUNCTION me() RETURNS text STABLE LANGUAGE sql AS 'select current_user::text';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t FOR SELECT TO confiture_test_reader USING (EXISTS (SELECT FROM m WHERE m.a = t.a AND m.u = me()));
