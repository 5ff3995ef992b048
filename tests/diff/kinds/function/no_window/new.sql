CREATE FUNCTION number() RETURNS bigint LANGUAGE internal AS 'window_row_number';
