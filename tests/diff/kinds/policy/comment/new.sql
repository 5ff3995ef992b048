CREATE TABLE users (
    id integer
);
CREATE POLICY own ON users USING (id = 1);
COMMENT ON POLICY own ON users IS 'The first one';
