CREATE TABLE t(a int, b text);
ALTER TABLE t ALTER a SET STATISTICS 100;
ALTER TABLE t ALTER a SET (n_distinct = 4, n_distinct_inherited = 5);
ALTER TABLE t ALTER b SET STORAGE plain;
