-- judged on PostgreSQL 15, of 5c7dfa8261a45381
-- up
DROP TABLE t;
-- down
CREATE TABLE t OF ct;
