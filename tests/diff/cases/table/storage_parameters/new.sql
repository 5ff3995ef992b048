-- pg >= 13
CREATE TABLE t(a int, b text) WITH (parallel_workers = 2, toast_tuple_target = 256);
CREATE INDEX i ON t(a) WITH (deduplicate_items = off);
CREATE INDEX g ON t USING brin (a) WITH (pages_per_range = 8, autosummarize = ON);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
