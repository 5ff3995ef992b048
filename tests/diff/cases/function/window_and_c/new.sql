CREATE TABLE z(i int);
CREATE FUNCTION w() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION i4(cstring) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
