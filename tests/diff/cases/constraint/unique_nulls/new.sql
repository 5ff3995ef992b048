-- pg >= 15
CREATE TABLE t(a int, b int, CONSTRAINT u UNIQUE nulls NOT DISTINCT (a) INCLUDE (b) WITH (fillfactor=60));
