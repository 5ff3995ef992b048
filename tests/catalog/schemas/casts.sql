CREATE TYPE color AS ENUM ('red');
CREATE FUNCTION number(color) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (color AS integer) WITH FUNCTION number(color) AS ASSIGNMENT;
CREATE CAST (integer AS color) WITH INOUT AS IMPLICIT;
CREATE DOMAIN whole AS integer;
CREATE CAST (point AS integer) WITH INOUT;
COMMENT ON CAST (color AS integer) IS 'its number';
