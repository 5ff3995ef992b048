-- judged on PostgreSQL 15
-- up
CREATE TABLE s(x int REFERENCES t(a));
-- down
DROP TABLE s;
