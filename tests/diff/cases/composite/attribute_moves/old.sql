CREATE TYPE a AS (x int, y text);
CREATE FUNCTION f(a) RETURNS int LANGUAGE sql AS 'select $1.x';
COMMENT ON COLUMN a.x IS 'ex';
