ALTER TABLE jars ADD COLUMN label text;
