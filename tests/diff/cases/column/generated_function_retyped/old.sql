CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'select $1';
CREATE TABLE t(a int, b int GENERATED ALWAYS AS (f(a)) STORED);
CREATE INDEX i ON t(b);
COMMENT ON COLUMN t.b IS 'computed';
GRANT SELECT (b) ON t TO confiture_test_reader;
