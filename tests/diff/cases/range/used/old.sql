CREATE TYPE r AS RANGE (subtype = numeric);
CREATE TABLE t(a r, b r[]);
CREATE FUNCTION f(r) RETURNS boolean LANGUAGE sql AS 'select isempty($1)';
CREATE INDEX i ON t USING gist (a);
