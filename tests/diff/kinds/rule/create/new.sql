CREATE TABLE users (
    id integer
);
CREATE RULE stay AS ON DELETE TO users WHERE old.id = 1 DO INSTEAD (SELECT 1 AS a; SELECT 2 AS b);
COMMENT ON RULE stay ON users IS 'The first one stays';
