-- judged on PostgreSQL 15, of 52407a9b5a32df77
-- up
SET check_function_bodies = off;
CREATE FUNCTION next_a() RETURNS int LANGUAGE sql AS 'select coalesce(max(a), 0) + 1 from t';
CREATE TABLE t (
    a integer DEFAULT public.next_a()
);
CREATE FUNCTION count_t(x int DEFAULT next_a()) RETURNS bigint LANGUAGE sql AS 'select count(*) + x from t';
CREATE VIEW v AS SELECT count_t() AS n;
CREATE FUNCTION over_v() RETURNS SETOF v LANGUAGE sql AS 'select * from v';
RESET check_function_bodies;
-- down
DROP FUNCTION over_v();
DROP VIEW v;
DROP FUNCTION count_t(integer);
DROP TABLE t;
DROP FUNCTION next_a();
