-- pg >= 14
CREATE TABLE t(a int, b int, c int);
CREATE DOMAIN d AS int;
