CREATE TYPE a AS (y text, x int, z date[]);
CREATE FUNCTION f(a) RETURNS int LANGUAGE sql AS 'select $1.x';
COMMENT ON COLUMN a.x IS 'ecks';
COMMENT ON TYPE a IS 'a';
