CREATE TABLE t(a int, o text);
CREATE TABLE m(u text, a int);
