CREATE TABLE users (
    id integer
);
ALTER TABLE users OWNER TO confiture_writer;
GRANT SELECT ON users TO confiture_reader;
