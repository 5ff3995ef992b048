CREATE TABLE t(a int, b int DEFAULT 5, c varchar(10), d boolean, e text[]);
