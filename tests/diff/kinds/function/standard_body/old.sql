-- pg >= 14
CREATE FUNCTION double(n integer) RETURNS integer RETURN n * 2;
