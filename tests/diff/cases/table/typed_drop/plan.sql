-- judged on PostgreSQL 15
-- up
DROP TABLE t;
-- down
CREATE TABLE t OF ct;
