CREATE TABLE users (
    id integer
);
CREATE POLICY own ON users USING (id = 1);
