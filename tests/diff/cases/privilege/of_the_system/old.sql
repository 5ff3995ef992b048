GRANT SELECT ON pg_catalog.pg_authid TO confiture_test_reader;
GRANT SELECT, UPDATE (rolname) ON pg_catalog.pg_roles TO confiture_test_writer;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(float8) FROM PUBLIC;
REVOKE SELECT ON information_schema.tables FROM PUBLIC;
