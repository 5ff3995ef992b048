-- judged on PostgreSQL 15
-- up
ALTER TABLE p ADD COLUMN z text DEFAULT 'q';
-- down
ALTER TABLE p DROP COLUMN z;
