CREATE TABLE users (
    a integer,
    b integer
);
CREATE STATISTICS ab (dependencies) ON a, b FROM users;
