-- judged on PostgreSQL 15
-- up
COMMENT ON INDEX i IS 'hello ''x''';
-- down
COMMENT ON INDEX i IS NULL;
