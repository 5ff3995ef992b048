-- pg >= 14
CREATE TABLE t(b int, c int);
