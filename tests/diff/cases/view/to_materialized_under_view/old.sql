CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
GRANT SELECT ON v TO confiture_test_reader;
COMMENT ON VIEW w IS 'over v';
