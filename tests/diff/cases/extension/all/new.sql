CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE t(a citext, b hstore);
CREATE EXTENSION pgcrypto SCHEMA public;
COMMENT ON EXTENSION hstore IS 'mine';
