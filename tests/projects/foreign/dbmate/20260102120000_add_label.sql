-- migrate:up
ALTER TABLE jars ADD COLUMN label text;

-- migrate:down
ALTER TABLE jars DROP COLUMN label;
