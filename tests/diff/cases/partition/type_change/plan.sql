-- judged on PostgreSQL 15, of e4a552153186df55
-- up
ALTER TABLE p ALTER COLUMN b TYPE bigint;
-- down
ALTER TABLE p ALTER COLUMN b TYPE integer;
