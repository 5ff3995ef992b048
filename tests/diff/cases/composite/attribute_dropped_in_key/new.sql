CREATE TYPE k1 AS (x text, y text);
CREATE TABLE t(a int);
CREATE VIEW v AS SELECT a FROM t;
