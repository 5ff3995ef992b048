CREATE TABLE t(a int, b text, c date);
CREATE VIEW v AS SELECT * FROM t;
