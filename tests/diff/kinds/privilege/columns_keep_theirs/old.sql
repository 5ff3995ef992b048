CREATE TABLE users (
    id integer,
    name text
);
GRANT SELECT, UPDATE ON users TO confiture_reader WITH GRANT OPTION;
GRANT SELECT (id), UPDATE (name) ON users TO confiture_reader WITH GRANT OPTION;
GRANT SELECT (id) ON users TO confiture_writer;
