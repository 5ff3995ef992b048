CREATE PROCEDURE f(int) LANGUAGE sql AS 'select 1';
CREATE AGGREGATE p(int) (sfunc = int4pl, stype = int);
CREATE FUNCTION a(int) RETURNS int LANGUAGE sql AS 'select 1';
