-- judged on PostgreSQL 15, of 6bd7acb66971573d
-- up
DROP FUNCTION f(public.a);
DROP TYPE a;
CREATE TYPE a AS (y text, x int, z date[]);
COMMENT ON TYPE a IS 'a';
COMMENT ON COLUMN a.x IS 'ecks';
CREATE FUNCTION f(a) RETURNS int LANGUAGE sql AS 'select $1.x';
-- down
DROP FUNCTION f(public.a);
DROP TYPE a;
CREATE TYPE a AS (x int, y text);
COMMENT ON COLUMN a.x IS 'ex';
CREATE FUNCTION f(a) RETURNS int LANGUAGE sql AS 'select $1.x';
