CREATE TABLE t(a date DEFAULT '2020-01-01', b text DEFAULT '5', c int DEFAULT 3, d text DEFAULT '{}', e int DEFAULT 1);
