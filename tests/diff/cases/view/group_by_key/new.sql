CREATE TABLE t(a int, b text, CONSTRAINT other PRIMARY KEY (a));
CREATE VIEW v AS SELECT a, b, count(*) FROM t GROUP BY a;
