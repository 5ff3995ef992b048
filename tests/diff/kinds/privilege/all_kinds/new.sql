CREATE TABLE users (
    id integer
);
GRANT SELECT, INSERT ON users TO confiture_reader;
GRANT ALL ON users TO confiture_writer;
CREATE SEQUENCE numbers;
GRANT USAGE ON SEQUENCE numbers TO PUBLIC;
CREATE VIEW ids AS SELECT id FROM users;
GRANT SELECT ON ids TO confiture_reader WITH GRANT OPTION;
CREATE TYPE mood AS ENUM ('ok');
GRANT USAGE ON TYPE mood TO confiture_reader;
CREATE DOMAIN email AS text;
REVOKE USAGE ON DOMAIN email FROM PUBLIC;
CREATE SCHEMA app;
GRANT ALL ON SCHEMA app TO confiture_writer;
CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON PROCEDURE work TO confiture_reader;
