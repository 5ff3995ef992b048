CREATE TABLE users (
    id integer
);
ALTER TABLE users OWNER TO confiture_reader;
GRANT SELECT ON users TO confiture_writer;
