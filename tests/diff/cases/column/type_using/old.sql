CREATE TABLE t(a text, b text DEFAULT '5', c varchar(20), d int, e int[]);
