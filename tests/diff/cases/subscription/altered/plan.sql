-- judged on PostgreSQL 15, of a3e689a08dc99e98
-- up
ALTER SUBSCRIPTION s CONNECTION 'host=elsewhere dbname=x';
ALTER SUBSCRIPTION s SET PUBLICATION a, b WITH (refresh = false);
ALTER SUBSCRIPTION s SET (binary = true);
COMMENT ON SUBSCRIPTION s IS 'from elsewhere';
-- down
ALTER SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x';
ALTER SUBSCRIPTION s SET PUBLICATION a WITH (refresh = false);
ALTER SUBSCRIPTION s SET (binary = false);
COMMENT ON SUBSCRIPTION s IS NULL;
