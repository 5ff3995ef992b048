CREATE TABLE users (
    id integer
);
CREATE POLICY a ON users FOR DELETE USING (id = 1);
CREATE POLICY b ON users USING (id = 1);
CREATE POLICY c ON users USING (id = 1);
