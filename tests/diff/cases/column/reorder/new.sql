CREATE TABLE t(c date, a int, b text);
CREATE VIEW v AS SELECT * FROM t;
