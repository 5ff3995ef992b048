-- judged on PostgreSQL 15
-- up
DROP VIEW x;
CREATE TABLE x(a int);
-- down
DROP TABLE x;
CREATE VIEW x AS SELECT a FROM t;
