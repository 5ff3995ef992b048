CREATE TABLE users (
    id integer
);
ALTER TABLE users OWNER TO confiture_writer;
GRANT INSERT ON users TO confiture_reader;
