-- judged on PostgreSQL 15, of b3f89e41bf7465ef
-- up
ALTER TABLE p ADD COLUMN z text DEFAULT 'q';
-- down
ALTER TABLE p DROP COLUMN z;
