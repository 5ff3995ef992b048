-- judged on PostgreSQL 15, of c793047cb3b4fbee
-- up
COMMENT ON INDEX i IS 'hello ''x''';
-- down
COMMENT ON INDEX i IS NULL;
