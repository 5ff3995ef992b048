COMMENT ON SCHEMA public IS NULL;
ALTER SCHEMA public OWNER TO confiture_writer;
