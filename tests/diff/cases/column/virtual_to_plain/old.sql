CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, CHECK (b > 0));
CREATE VIEW v AS SELECT b FROM t;
COMMENT ON COLUMN t.b IS 'x';
GRANT SELECT (b) ON t TO confiture_test_reader;
