CREATE FUNCTION double(n integer, OUT twice integer) LANGUAGE sql AS 'SELECT n * 2';
