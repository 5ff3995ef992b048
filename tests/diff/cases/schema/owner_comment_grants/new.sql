CREATE SCHEMA app AUTHORIZATION confiture_test_owner;
COMMENT ON SCHEMA app IS 'of the application';
GRANT USAGE ON SCHEMA app TO confiture_test_reader WITH GRANT OPTION;
GRANT CREATE ON SCHEMA app TO confiture_test_writer;
CREATE TABLE app.t (a integer);
