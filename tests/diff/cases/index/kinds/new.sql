CREATE TABLE t(a int, b text, c jsonb);
CREATE INDEX i ON t(a DESC nulls last) WHERE a > 0;
CREATE INDEX j ON t(lower(b) text_pattern_ops) WITH (fillfactor=50);
CREATE INDEX k ON t(a) INCLUDE (b);
CREATE INDEX l ON t USING gin (c jsonb_path_ops);
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 99;
