CREATE TYPE k AS (a integer, b text);
CREATE TABLE t OF k (PRIMARY KEY (a));
CREATE VIEW v AS SELECT a, b FROM t;
