-- pg >= 18
CREATE TABLE t (a int, b int CONSTRAINT x NOT NULL);
