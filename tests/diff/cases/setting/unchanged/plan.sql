-- judged on PostgreSQL 15
-- up
ALTER TABLE t ADD COLUMN b int;
-- down
ALTER TABLE t DROP COLUMN b;
