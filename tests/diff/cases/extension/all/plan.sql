-- judged on PostgreSQL 15, of 8ed5b0b79c087cc2
-- up
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS 'mine';
CREATE EXTENSION pgcrypto SCHEMA public;
CREATE TABLE t(a citext, b hstore);
-- down
DROP TABLE t;
DROP EXTENSION hstore;
DROP EXTENSION pgcrypto;
