CREATE TABLE users (
    id integer,
    name text
);
GRANT SELECT (id), UPDATE (id, name) ON users TO confiture_reader;
GRANT REFERENCES (id) ON users TO confiture_writer WITH GRANT OPTION;
