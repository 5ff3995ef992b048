CREATE LANGUAGE pljam HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION one() RETURNS integer LANGUAGE pljam AS 'BEGIN RETURN 1; END';
