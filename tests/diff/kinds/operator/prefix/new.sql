CREATE FUNCTION less(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 - 1';
CREATE OPERATOR @@@ (FUNCTION = less, RIGHTARG = integer);
