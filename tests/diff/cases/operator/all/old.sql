CREATE FUNCTION f(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 = $2';
