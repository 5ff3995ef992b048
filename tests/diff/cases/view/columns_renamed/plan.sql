-- judged on PostgreSQL 15
-- up
ALTER VIEW v RENAME COLUMN x TO y;
-- down
ALTER VIEW v RENAME COLUMN y TO x;
