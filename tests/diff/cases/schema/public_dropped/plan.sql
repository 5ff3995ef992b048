-- judged on PostgreSQL 15, of 8b990ddad1cc2839
-- up
DROP TABLE t;
DROP SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.t(a int);
-- down
DROP TABLE app.t;
DROP SCHEMA app;
CREATE SCHEMA public;
COMMENT ON SCHEMA public IS 'standard public schema';
ALTER SCHEMA public OWNER TO pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
CREATE TABLE t(a int);
