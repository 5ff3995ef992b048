REVOKE SELECT ON TABLE users FROM confiture_reader;
GRANT SELECT (id), UPDATE (id) ON TABLE users TO confiture_reader;
GRANT REFERENCES (id) ON TABLE users TO confiture_writer WITH GRANT OPTION;
GRANT UPDATE (name) ON TABLE users TO confiture_reader;
