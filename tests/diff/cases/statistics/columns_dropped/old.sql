CREATE TABLE t(a int, b int, c int);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS s5 ON (a + 1), c FROM t;
