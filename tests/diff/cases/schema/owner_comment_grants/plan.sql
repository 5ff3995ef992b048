-- judged on PostgreSQL 15, of 5e5373ae73242783
-- up
COMMENT ON SCHEMA app IS 'of the application';
ALTER SCHEMA app OWNER TO confiture_test_owner;
GRANT CREATE ON SCHEMA app TO confiture_test_writer;
GRANT USAGE ON SCHEMA app TO confiture_test_reader WITH GRANT OPTION;
-- down
COMMENT ON SCHEMA app IS NULL;
ALTER SCHEMA app OWNER TO CURRENT_USER;
REVOKE USAGE ON SCHEMA app FROM confiture_test_reader;
REVOKE CREATE ON SCHEMA app FROM confiture_test_writer;
