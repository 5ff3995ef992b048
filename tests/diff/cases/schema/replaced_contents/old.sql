CREATE SCHEMA a authorization confiture_test_owner;
CREATE TABLE a.t(x int);
GRANT usage ON SCHEMA a TO confiture_test_reader;
COMMENT ON SCHEMA a IS 'a';
