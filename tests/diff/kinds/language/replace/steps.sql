CREATE OR REPLACE LANGUAGE pljam HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
