-- judged on PostgreSQL 15, of 86521cba6fb3a6bc
-- up
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE pg_catalog."C";
ALTER TABLE t ALTER COLUMN b TYPE text;
-- down
ALTER TABLE t ALTER COLUMN a TYPE text;
ALTER TABLE t ALTER COLUMN b TYPE text COLLATE pg_catalog."C";
