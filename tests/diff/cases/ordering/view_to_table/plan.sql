-- judged on PostgreSQL 15, of 38e75a059f436774
-- up
DROP VIEW x;
CREATE TABLE x(a int);
-- down
DROP TABLE x;
CREATE VIEW x AS SELECT a FROM t;
