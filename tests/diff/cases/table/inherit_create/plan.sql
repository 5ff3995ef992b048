-- judged on PostgreSQL 15, of 20bd61496fb50f92
-- up
CREATE TABLE c(b int) INHERITS (p);
CREATE TABLE d(c2 int DEFAULT 1) INHERITS (c);
-- down
DROP TABLE d;
DROP TABLE c;
