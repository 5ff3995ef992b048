CREATE TABLE t(a bigint, o text);
CREATE TABLE m(u text, a bigint, extra int);
CREATE FUNCTION me() RETURNS name STABLE LANGUAGE sql AS 'select current_user';
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t FOR SELECT TO confiture_test_reader USING (EXISTS (SELECT FROM m WHERE m.a = t.a AND m.u = me()));
