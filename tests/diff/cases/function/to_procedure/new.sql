CREATE PROCEDURE f() LANGUAGE plpgsql AS 'begin end';
