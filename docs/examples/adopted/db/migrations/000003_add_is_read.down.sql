ALTER TABLE entries DROP COLUMN is_read;
