CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select $1';
CREATE TABLE t(a int DEFAULT f(1), b int CHECK (f(b) > 0), c int GENERATED ALWAYS AS (f(a)) STORED);
CREATE INDEX i ON t(f(a));
CREATE VIEW v AS SELECT f(a) FROM t;
CREATE POLICY p ON t USING (f(a) > 0);
CREATE FUNCTION g(int DEFAULT f(3)) RETURNS int RETURN f($1);
CREATE AGGREGATE ag(int) (sfunc = int4pl, stype = int);
CREATE DOMAIN d AS int CHECK (f(value) > 0);
