CREATE TABLE users (
    id integer,
    name text
);
GRANT UPDATE ON users TO confiture_reader;
GRANT SELECT (id) ON users TO confiture_reader;
GRANT UPDATE (name) ON users TO confiture_reader WITH GRANT OPTION;
GRANT SELECT (id) ON users TO confiture_writer;
