CREATE TABLE z(i int);
CREATE TABLE t(a int);
CREATE FUNCTION next_a() RETURNS int LANGUAGE sql AS 'select coalesce(max(a), 0) + 1 from t';
ALTER TABLE t ALTER a SET DEFAULT next_a();
CREATE FUNCTION count_t(x int DEFAULT next_a()) RETURNS bigint LANGUAGE sql AS 'select count(*) + x from t';
CREATE VIEW v AS SELECT count_t() AS n;
CREATE FUNCTION over_v() RETURNS SETOF v LANGUAGE sql AS 'select * from v';
