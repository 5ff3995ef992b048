-- judged on PostgreSQL 15, of daebd8054a8204fc
-- up
DROP TABLE a.t;
COMMENT ON SCHEMA a IS NULL;
ALTER SCHEMA a OWNER TO CURRENT_USER;
REVOKE USAGE ON SCHEMA a FROM confiture_test_reader;
CREATE SCHEMA b authorization confiture_test_owner;
ALTER SCHEMA b OWNER TO confiture_test_owner;
GRANT ALL ON SCHEMA b TO confiture_test_reader WITH GRANT OPTION;
CREATE TABLE a.u(x int);
CREATE TABLE b.t(x int);
-- down
DROP TABLE a.u;
DROP TABLE b.t;
DROP SCHEMA b;
COMMENT ON SCHEMA a IS 'a';
ALTER SCHEMA a OWNER TO confiture_test_owner;
GRANT USAGE ON SCHEMA a TO confiture_test_reader;
CREATE TABLE a.t(x int);
