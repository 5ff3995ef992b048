-- pg >= 14
CREATE SCHEMA s;
CREATE TABLE t(a bigint, b int, c text);
CREATE STATISTICS s1 (dependencies, mcv) ON a, b FROM t;
CREATE STATISTICS s.s3 (ndistinct) ON (lower(c)), (a + b) FROM t;
CREATE STATISTICS s4 ON (a % 2) FROM t;
ALTER STATISTICS s1 OWNER TO confiture_test_owner;
COMMENT ON STATISTICS s1 IS 's1';
ALTER STATISTICS s4 SET STATISTICS 0;
