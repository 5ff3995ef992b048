CREATE TABLE users (
    id integer,
    name text
);
CREATE VIEW named WITH (security_barrier, check_option = local) AS
    SELECT * FROM users WHERE name IS NOT NULL;
COMMENT ON VIEW named IS 'Those who told';
COMMENT ON COLUMN named.name IS 'What they told';
GRANT SELECT (name) ON named TO confiture_reader;
