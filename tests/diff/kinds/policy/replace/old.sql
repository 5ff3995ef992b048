CREATE TABLE users (
    id integer
);
CREATE POLICY a ON users FOR SELECT USING (id = 1);
CREATE POLICY b ON users USING (id = 1) WITH CHECK (true);
CREATE POLICY c ON users AS RESTRICTIVE USING (id = 1);
