CREATE FUNCTION number() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
