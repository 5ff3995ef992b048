-- judged on PostgreSQL 15, of bc072ca2a68c5e12
-- up
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p(a int, b text) PARTITION BY list (b);
ALTER TABLE q RENAME TO q__old;
CREATE TABLE q PARTITION OF p FOR VALUES IN ('x');
INSERT INTO p (a, b) 
SELECT a, b FROM p__old;
DROP TABLE p__old;
-- down
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p(a int, b text) PARTITION BY RANGE (a);
ALTER TABLE q RENAME TO q__old;
CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (5);
INSERT INTO p (a, b) 
SELECT a, b FROM p__old;
DROP TABLE p__old;
