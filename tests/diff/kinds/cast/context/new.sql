CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION rank(mood) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE CAST (mood AS integer) WITH FUNCTION rank(mood) AS ASSIGNMENT;
CREATE CAST (mood AS bigint) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (mood AS bigint) IS 'By its name';
