CREATE TABLE users (
    id integer PRIMARY KEY,
    name text CONSTRAINT named CHECK (name <> '')
);
COMMENT ON TABLE users IS 'People';
COMMENT ON COLUMN users.name IS 'What they are called';
COMMENT ON CONSTRAINT named ON users IS 'Everybody is';
CREATE INDEX users_name ON users (name);
COMMENT ON INDEX users_name IS 'Fast';
CREATE SEQUENCE numbers;
CREATE MATERIALIZED VIEW ids AS SELECT id FROM users;
COMMENT ON MATERIALIZED VIEW ids IS 'Numbers of people';
COMMENT ON COLUMN ids.id IS 'A number';
