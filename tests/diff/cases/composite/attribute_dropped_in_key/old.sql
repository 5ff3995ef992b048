CREATE TYPE k1 AS (x text, y text, z text);
CREATE TABLE t(a int, b k1 NOT NULL, UNIQUE (b));
CREATE VIEW v AS SELECT a FROM t;
