-- judged on PostgreSQL 15, of 724b951bdb544255
-- up
DROP VIEW outside;
DROP VIEW s.v;
DROP FUNCTION s.f(s.t);
DROP TABLE s.t;
DROP TYPE s.e;
DROP SCHEMA s;
CREATE TABLE t(a int);
-- down
DROP TABLE t;
CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('a');
CREATE TABLE s.t(a s.e, b serial);
CREATE FUNCTION s.f(s.t) RETURNS int LANGUAGE sql AS 'select 1';
CREATE VIEW s.v AS SELECT * FROM s.t;
CREATE VIEW outside AS SELECT a::text FROM s.v;
