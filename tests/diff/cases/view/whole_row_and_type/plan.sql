-- judged on PostgreSQL 15
-- up
ALTER TABLE t ADD COLUMN c int;
-- down
ALTER TABLE t DROP COLUMN c;
