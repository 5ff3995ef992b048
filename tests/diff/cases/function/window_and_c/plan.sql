-- judged on PostgreSQL 15, of f65f4ac72fb7fb61
-- up
CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION i4(cstring) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
-- down
DROP FUNCTION i4(cstring);
DROP FUNCTION w();
