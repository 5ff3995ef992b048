CREATE FUNCTION ok(int, text DEFAULT 'x') RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 > 0';
CREATE TABLE t(a int, CONSTRAINT c CHECK (ok(a)));
