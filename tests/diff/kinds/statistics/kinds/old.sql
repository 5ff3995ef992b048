CREATE TABLE users (
    a integer,
    b integer
);
CREATE STATISTICS ab (ndistinct) ON a, b FROM users;
