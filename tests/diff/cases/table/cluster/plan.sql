-- judged on PostgreSQL 15
-- up
ALTER TABLE t CLUSTER ON i;
-- down
ALTER TABLE t SET WITHOUT CLUSTER;
