CREATE TABLE t(a int, b text);
ALTER TABLE t ALTER a SET (n_distinct_inherited = 7);
ALTER TABLE t ALTER b SET STORAGE main;
