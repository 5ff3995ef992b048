-- judged on PostgreSQL 15, of 93519b22ee2ff470
-- up
DROP VIEW w;
DROP VIEW v;
CREATE VIEW v AS SELECT b, a FROM t;
GRANT SELECT (b) ON TABLE v TO confiture_test_reader;
COMMENT ON COLUMN v.a IS 'y';
CREATE VIEW w AS SELECT a FROM v;
-- down
DROP VIEW w;
DROP VIEW v;
CREATE VIEW v AS SELECT a, b FROM t;
COMMENT ON COLUMN v.a IS 'x';
GRANT SELECT (a) ON TABLE v TO confiture_test_reader;
CREATE VIEW w AS SELECT a FROM v;
