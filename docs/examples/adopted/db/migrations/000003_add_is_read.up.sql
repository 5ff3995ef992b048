ALTER TABLE entries ADD COLUMN is_read boolean NOT NULL DEFAULT false;
