-- pg >= 13
CREATE TABLE t(a int, b int GENERATED ALWAYS AS (a*3) STORED, c int GENERATED ALWAYS AS (a+5) STORED, d int);
