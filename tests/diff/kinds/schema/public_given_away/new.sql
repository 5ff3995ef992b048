ALTER SCHEMA public OWNER TO confiture_writer;
COMMENT ON SCHEMA public IS NULL;
