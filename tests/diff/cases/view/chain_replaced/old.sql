CREATE TABLE t(a int, b int);
CREATE VIEW v1 AS SELECT a, b FROM t;
CREATE VIEW v2 AS SELECT a, b FROM v1;
CREATE VIEW v3 AS SELECT v2.a, v1.b FROM v2 join v1 USING (a);
GRANT SELECT ON v2 TO confiture_test_reader;
GRANT SELECT (a) ON v3 TO confiture_test_writer;
COMMENT ON COLUMN v3.a IS 'a';
ALTER VIEW v3 OWNER TO confiture_test_owner;
