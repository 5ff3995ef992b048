-- judged on PostgreSQL 15, of 1222d547a15f38f0
-- up
ALTER EXTENSION hstore UPDATE TO '1.8';
-- down
DROP EXTENSION hstore;
CREATE EXTENSION hstore version '1.4';
