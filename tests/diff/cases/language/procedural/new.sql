CREATE FUNCTION own_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION own_inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION own_validator(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE trusted LANGUAGE mine handler own_handler inline own_inline validator own_validator;
CREATE FUNCTION f() RETURNS int LANGUAGE mine AS 'begin return 1; end';
COMMENT ON LANGUAGE mine IS 'mine';
GRANT usage ON LANGUAGE mine TO confiture_test_reader;
