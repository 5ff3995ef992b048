-- judged on PostgreSQL 15, of 211c835982b36195
-- up
GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC;
REVOKE SELECT ON TABLE pg_catalog.pg_roles FROM confiture_test_writer;
GRANT SELECT (rolname) ON TABLE pg_catalog.pg_roles TO confiture_test_writer;
GRANT UPDATE ON TABLE information_schema.tables TO confiture_test_reader;
GRANT SELECT ON TABLE information_schema.tables TO PUBLIC;
GRANT SELECT, INSERT ON TABLE pg_catalog.pg_authid TO confiture_test_reader WITH GRANT OPTION;
CREATE TABLE t(a int);
REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO confiture_test_reader;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
REVOKE USAGE ON SCHEMA information_schema FROM PUBLIC;
GRANT CREATE ON SCHEMA pg_catalog TO confiture_test_writer;
REVOKE USAGE ON TYPE pg_catalog.json FROM PUBLIC;
-- down
GRANT EXECUTE ON FUNCTION pg_catalog.now() TO PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) FROM confiture_test_reader;
GRANT USAGE ON LANGUAGE sql TO PUBLIC;
GRANT USAGE ON SCHEMA information_schema TO PUBLIC;
REVOKE CREATE ON SCHEMA pg_catalog FROM confiture_test_writer;
GRANT USAGE ON TYPE pg_catalog.json TO PUBLIC;
DROP TABLE t;
REVOKE SELECT (rolname) ON TABLE pg_catalog.pg_roles FROM confiture_test_writer;
REVOKE UPDATE ON TABLE information_schema.tables FROM confiture_test_reader;
REVOKE SELECT ON TABLE information_schema.tables FROM PUBLIC;
REVOKE INSERT ON TABLE pg_catalog.pg_authid FROM confiture_test_reader;
REVOKE GRANT OPTION FOR SELECT ON TABLE pg_catalog.pg_authid FROM confiture_test_reader;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT SELECT ON TABLE pg_catalog.pg_roles TO confiture_test_writer;
