CREATE TABLE users (
    id serial
);
ALTER TABLE users OWNER TO confiture_writer;
CREATE VIEW ids AS SELECT id FROM users;
ALTER VIEW ids OWNER TO confiture_writer;
CREATE TYPE mood AS ENUM ('ok');
ALTER TYPE mood OWNER TO confiture_writer;
CREATE DOMAIN email AS text;
ALTER DOMAIN email OWNER TO confiture_writer;
CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';
ALTER PROCEDURE work OWNER TO confiture_writer;
