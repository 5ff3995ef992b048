-- judged on PostgreSQL 15, of 440b7827068afc06
-- up
DROP FUNCTION f();
CREATE PROCEDURE f() LANGUAGE plpgsql AS 'begin end';
-- down
DROP PROCEDURE f();
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'begin end';
