CREATE TABLE users (
    id integer
);
CREATE POLICY own ON users TO confiture_reader USING (id = 2) WITH CHECK (true);
