CREATE TABLE users (
    id integer,
    name text
);
GRANT SELECT ON users TO confiture_reader;
