CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'begin end';
