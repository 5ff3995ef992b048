CREATE FUNCTION f(int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'select $1::bigint';
CREATE TABLE t(a int, b bigint GENERATED ALWAYS AS (f(a)) STORED);
CREATE INDEX i ON t(b);
COMMENT ON COLUMN t.b IS 'computed';
GRANT SELECT (b) ON t TO confiture_test_reader;
