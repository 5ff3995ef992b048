CREATE TABLE users (
    id integer
);
CREATE VIEW first WITH (security_barrier) AS SELECT id FROM users;
