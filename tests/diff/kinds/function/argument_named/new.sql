CREATE FUNCTION double(n integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
