-- judged on PostgreSQL 15, of 7c1d5becbf0b219c
-- up
CREATE TABLE s(x int REFERENCES t(a));
-- down
DROP TABLE s;
