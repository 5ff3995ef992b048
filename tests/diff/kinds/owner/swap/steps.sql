ALTER TABLE users OWNER TO confiture_writer;
GRANT SELECT ON TABLE users TO confiture_reader;
