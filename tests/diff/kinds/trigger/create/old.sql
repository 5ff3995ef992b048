CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TABLE users (
    id integer
);
CREATE VIEW ids AS SELECT id FROM users;
