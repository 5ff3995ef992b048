CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE PROCEDURE p(int) LANGUAGE sql AS 'select 1';
CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int);
