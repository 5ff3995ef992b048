CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'The application';
ALTER SCHEMA app OWNER TO confiture_writer;
GRANT USAGE ON SCHEMA app TO confiture_reader;
