-- judged on PostgreSQL 15, of eedbe585727a069c
-- up
DROP TABLE a.t;
DROP SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t(x int);
CREATE VIEW b.v AS SELECT x FROM b.t;
-- down
DROP VIEW b.v;
DROP TABLE b.t;
DROP SCHEMA b;
CREATE SCHEMA a;
CREATE TABLE a.t(x int);
