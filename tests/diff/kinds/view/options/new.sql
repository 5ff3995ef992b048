CREATE TABLE users (
    id integer
);
CREATE VIEW first WITH (check_option = cascaded) AS SELECT id FROM users;
