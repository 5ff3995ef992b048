-- judged on PostgreSQL 15, of 7ad4aa98248cfd86
-- up
DROP AGGREGATE a(integer);
DROP PROCEDURE p(integer);
DROP FUNCTION f(integer);
CREATE FUNCTION a(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE PROCEDURE f(int) LANGUAGE sql AS 'select 1';
CREATE AGGREGATE p(int) (sfunc = int4pl, stype = int);
-- down
DROP AGGREGATE p(integer);
DROP PROCEDURE f(integer);
DROP FUNCTION a(integer);
CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE PROCEDURE p(int) LANGUAGE sql AS 'select 1';
CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int);
