CREATE TABLE users (
    id integer
);
CREATE POLICY own ON users TO confiture_writer USING (id = 1) WITH CHECK (true);
