CREATE FUNCTION double(n integer) RETURNS integer LANGUAGE sql STABLE COST 5 AS 'SELECT n + n';
CREATE VIEW numbers AS SELECT double(2);
