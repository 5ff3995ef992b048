CREATE FUNCTION double(n integer, OUT doubled integer) LANGUAGE sql AS 'SELECT n * 2';
