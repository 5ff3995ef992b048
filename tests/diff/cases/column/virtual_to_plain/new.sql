-- pg >= 18
-- Values that were computed are kept.
CREATE TABLE t (a int, b int, CHECK (b > 0));
CREATE VIEW v AS SELECT b FROM t;
COMMENT ON COLUMN t.b IS 'x';
GRANT SELECT (b) ON t TO confiture_test_reader;
