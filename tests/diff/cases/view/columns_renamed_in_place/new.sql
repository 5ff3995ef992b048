-- pg >= 13
CREATE TABLE t(a int, b text);
CREATE VIEW v AS SELECT a AS x, b, a + 1 AS d FROM t UNION SELECT 1, 'x', 2;
COMMENT ON COLUMN v.x IS 'said';
GRANT SELECT (x) ON v TO confiture_test_reader;
CREATE VIEW w AS SELECT x FROM v;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'select * from v';
CREATE MATERIALIZED VIEW m AS SELECT a AS two, b FROM t;
CREATE UNIQUE INDEX m_one ON m (two);
