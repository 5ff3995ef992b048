-- judged on PostgreSQL 15
-- up
COMMENT ON EXTENSION citext IS NULL;
-- down
COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';
