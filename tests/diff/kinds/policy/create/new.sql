CREATE TABLE users (
    id integer,
    name text
);
CREATE POLICY nothing ON users;
CREATE POLICY later ON users AS RESTRICTIVE FOR SELECT
    TO confiture_reader, confiture_writer USING (id > 1);
CREATE POLICY early ON users FOR UPDATE USING (starts_with(name, 'a'));
CREATE POLICY odd ON users FOR INSERT WITH CHECK (name = '(a' OR id IN (1, 2));
CREATE POLICY two ON users USING ((id = 1) OR (id = 2)) WITH CHECK (true);
COMMENT ON POLICY two ON users IS 'One or two';
