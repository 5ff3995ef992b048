CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE one HANDLER handler;
CREATE FUNCTION f() RETURNS integer LANGUAGE one AS 'BEGIN RETURN 1; END';
