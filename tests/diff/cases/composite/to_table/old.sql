CREATE TYPE x AS (a int, b text);
CREATE FUNCTION f(x) RETURNS int LANGUAGE sql AS 'select 1';
