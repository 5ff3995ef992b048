CREATE TABLE t(a int, b int, PRIMARY KEY (a));
CREATE TABLE u(x int, y int, FOREIGN KEY (x) REFERENCES t);
