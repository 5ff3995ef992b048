CREATE TABLE t(a int, b text) WITH (fillfactor = 50);
CREATE INDEX i ON t(a) WITH (fillfactor = 60);
CREATE INDEX g ON t USING brin (a) WITH (pages_per_range = 4);
CREATE MATERIALIZED VIEW m WITH (fillfactor = 40) AS SELECT a FROM t;
