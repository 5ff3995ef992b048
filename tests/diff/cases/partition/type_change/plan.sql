-- judged on PostgreSQL 15
-- up
ALTER TABLE p ALTER COLUMN b TYPE bigint;
-- down
ALTER TABLE p ALTER COLUMN b TYPE integer;
