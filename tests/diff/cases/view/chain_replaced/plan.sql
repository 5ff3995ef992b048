-- judged on PostgreSQL 15, of 46ab9e03ee162b3f
-- up
DROP VIEW v3;
DROP VIEW v2;
DROP VIEW v1;
CREATE VIEW v1 AS SELECT b, a FROM t;
CREATE VIEW v2 AS SELECT a, b FROM v1;
GRANT SELECT ON TABLE v2 TO confiture_test_reader;
CREATE VIEW v3 AS SELECT v2.a, v1.b FROM v2 join v1 USING (a);
ALTER VIEW v3 OWNER TO confiture_test_owner;
COMMENT ON COLUMN v3.a IS 'a';
GRANT SELECT (a) ON TABLE v3 TO confiture_test_writer;
-- down
DROP VIEW v3;
DROP VIEW v2;
DROP VIEW v1;
CREATE VIEW v1 AS SELECT a, b FROM t;
CREATE VIEW v2 AS SELECT a, b FROM v1;
GRANT SELECT ON TABLE v2 TO confiture_test_reader;
CREATE VIEW v3 AS SELECT v2.a, v1.b FROM v2 join v1 USING (a);
ALTER VIEW v3 OWNER TO confiture_test_owner;
COMMENT ON COLUMN v3.a IS 'a';
GRANT SELECT (a) ON TABLE v3 TO confiture_test_writer;
