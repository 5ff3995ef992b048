-- judged on PostgreSQL 15, of 14626e306dc274e7
-- up
DROP VIEW v;
DROP TABLE t;
CREATE TABLE x(a int, b text);
CREATE VIEW t AS SELECT a, b FROM x;
CREATE VIEW v AS SELECT a FROM t;
-- down
DROP VIEW v;
DROP VIEW t;
DROP TABLE x;
CREATE TABLE t(a int, b text);
CREATE VIEW v AS SELECT a FROM t;
