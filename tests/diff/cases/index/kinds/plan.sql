-- judged on PostgreSQL 15, of 7b0e44dd2bd21e4d
-- up
DROP INDEX i;
DROP INDEX j;
DROP INDEX k;
CREATE INDEX j ON public.t USING btree (lower(b) text_pattern_ops) WITH (fillfactor='50');
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 99;
CREATE INDEX i ON t(a DESC nulls last) WHERE a > 0;
CREATE INDEX k ON t(a) INCLUDE (b);
CREATE INDEX l ON t USING gin (c jsonb_path_ops);
-- down
DROP INDEX i;
DROP INDEX j;
DROP INDEX k;
DROP INDEX l;
CREATE INDEX i ON t(a);
CREATE INDEX j ON t(b);
CREATE UNIQUE INDEX k ON t(a);
