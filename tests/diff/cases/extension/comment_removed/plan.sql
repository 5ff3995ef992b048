-- judged on PostgreSQL 15, of e253f2031806e4bf
-- up
COMMENT ON EXTENSION citext IS NULL;
-- down
COMMENT ON EXTENSION citext IS 'data type for case-insensitive character strings';
