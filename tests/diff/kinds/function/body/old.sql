CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
CREATE VIEW numbers AS SELECT double(2);
