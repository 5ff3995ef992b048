CREATE TABLE t(a int, b int, c text);
CREATE STATISTICS s1 ON a, b FROM t;
CREATE STATISTICS s2 (mcv) ON a, b FROM t;
