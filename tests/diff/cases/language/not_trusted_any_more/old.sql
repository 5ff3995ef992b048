CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE TRUSTED LANGUAGE one HANDLER handler;
GRANT USAGE ON LANGUAGE one TO confiture_test_reader;
CREATE FUNCTION f() RETURNS integer LANGUAGE one AS 'BEGIN RETURN 1; END';
