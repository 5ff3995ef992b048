-- pg >= 14
CREATE TABLE things (id integer PRIMARY KEY);
CREATE FUNCTION newest() RETURNS integer BEGIN ATOMIC SELECT max(id) FROM things; END;
CREATE PROCEDURE give(OUT answer integer) LANGUAGE sql AS 'SELECT 42';
