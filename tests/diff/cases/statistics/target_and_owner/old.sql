CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
CREATE STATISTICS r ON b, c FROM t;
