CREATE FUNCTION distance(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE float_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = distance);
CREATE TYPE named AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops);
CREATE TABLE ranged (r float_range, n named);
COMMENT ON TYPE named IS 'a range of texts';
