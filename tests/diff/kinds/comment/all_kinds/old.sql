CREATE TABLE users (
    id integer PRIMARY KEY,
    name text CONSTRAINT named CHECK (name <> '')
);
CREATE INDEX users_name ON users (name);
CREATE SEQUENCE numbers;
COMMENT ON SEQUENCE numbers IS 'One, two, three';
CREATE MATERIALIZED VIEW ids AS SELECT id FROM users;
