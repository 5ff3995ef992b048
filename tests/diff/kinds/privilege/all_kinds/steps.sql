GRANT ALL ON SCHEMA app TO confiture_writer;
GRANT USAGE ON TYPE mood TO confiture_reader;
REVOKE USAGE ON DOMAIN email FROM PUBLIC;
GRANT USAGE ON SEQUENCE numbers TO PUBLIC;
GRANT SELECT, INSERT ON TABLE users TO confiture_reader;
GRANT ALL ON TABLE users TO confiture_writer;
GRANT EXECUTE ON PROCEDURE work() TO confiture_reader;
GRANT SELECT ON TABLE ids TO confiture_reader WITH GRANT OPTION;
