-- judged on PostgreSQL 15, of dd971aaae20d3f67
-- up
CREATE TABLE t OF ct;
CREATE TABLE t2 OF ct (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x');
-- down
DROP TABLE t;
DROP TABLE t2;
