-- judged on PostgreSQL 15, of daf59ceaf2da06a8
-- up
ALTER TABLE t ADD COLUMN c int;
-- down
ALTER TABLE t DROP COLUMN c;
