-- judged on PostgreSQL 15
-- up
DROP FUNCTION f();
CREATE PROCEDURE f() LANGUAGE plpgsql AS 'begin end';
-- down
DROP PROCEDURE f();
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'begin end';
