CREATE TABLE t(a int NOT NULL, b int, c int);
CREATE UNIQUE INDEX u ON t(a) INCLUDE (b);
