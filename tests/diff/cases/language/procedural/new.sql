CREATE FUNCTION own_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE trusted LANGUAGE mine handler own_handler inline plpgsql_inline_handler validator plpgsql_validator;
CREATE FUNCTION f() RETURNS int LANGUAGE mine AS 'begin return 1; end';
COMMENT ON LANGUAGE mine IS 'mine';
GRANT usage ON LANGUAGE mine TO confiture_test_reader;
