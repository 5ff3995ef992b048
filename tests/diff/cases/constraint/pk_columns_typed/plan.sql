-- judged on PostgreSQL 15, of 168c17b9aec5a2bf
-- up
ALTER TABLE t ALTER COLUMN a TYPE bigint;
ALTER TABLE u ALTER COLUMN x TYPE bigint;
-- down
ALTER TABLE t ALTER COLUMN a TYPE integer;
ALTER TABLE u ALTER COLUMN x TYPE integer;
