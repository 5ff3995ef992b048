CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'The application';
GRANT USAGE ON SCHEMA app TO confiture_reader;
ALTER SCHEMA app OWNER TO confiture_writer;
