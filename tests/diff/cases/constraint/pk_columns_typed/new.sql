CREATE TABLE t(a bigint, b int, PRIMARY KEY (a));
CREATE TABLE u(x bigint, y int, FOREIGN KEY (x) REFERENCES t);
