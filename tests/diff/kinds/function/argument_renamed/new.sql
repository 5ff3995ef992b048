CREATE FUNCTION double(m integer) RETURNS integer LANGUAGE sql AS 'SELECT m * 2';
CREATE VIEW numbers AS SELECT double(2);
