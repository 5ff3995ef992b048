-- judged on PostgreSQL 15, of 6dcf8bcdf0f1b2e4
-- up
CREATE FUNCTION f(int) RETURNS int STABLE LANGUAGE sql AS 'select max(a) + $1 from t';
CREATE VIEW v AS SELECT f(a) AS x FROM t;
CREATE FUNCTION g() RETURNS SETOF v LANGUAGE sql AS 'select * from v';
-- down
DROP FUNCTION g();
DROP VIEW v;
DROP FUNCTION f(integer);
