CREATE TABLE users (
    id serial
);
CREATE VIEW ids AS SELECT id FROM users;
CREATE TYPE mood AS ENUM ('ok');
CREATE DOMAIN email AS text;
CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';
