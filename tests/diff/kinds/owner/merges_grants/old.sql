CREATE TABLE users (
    id integer
);
GRANT SELECT ON users TO confiture_writer WITH GRANT OPTION;
GRANT UPDATE (id) ON users TO confiture_writer;
GRANT INSERT ON users TO confiture_reader;
