CREATE TYPE m AS (a int);
CREATE FUNCTION f(m) RETURNS int LANGUAGE sql AS 'select 1';
CREATE CAST (m AS int) WITH FUNCTION f(m) AS assignment;
COMMENT ON CAST (m AS int) IS 'c';
