CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'select a::bigint';
CREATE VIEW v AS SELECT f(1) AS x;
CREATE TABLE t(a int DEFAULT f(2), CHECK (f(a) > 0));
CREATE INDEX i ON t(a);
