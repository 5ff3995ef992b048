-- judged on PostgreSQL 15, of e24f35ec954e0a3d
-- up
ALTER TABLE t ADD COLUMN b int;
-- down
ALTER TABLE t DROP COLUMN b;
