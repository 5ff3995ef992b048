-- judged on PostgreSQL 15, of e0f4360509ef95a2
-- up
CREATE INDEX i6 ON public.t USING btree (b COLLATE "C" DESC NULLS LAST, ((a + 1)), a) INCLUDE (c) WHERE ((b IS NOT NULL) AND (a = ANY (ARRAY[1, 2, 3])));
ALTER INDEX i6 ALTER COLUMN 2 SET STATISTICS 500;
COMMENT ON INDEX i6 IS 'six';
CREATE INDEX i1 ON t USING hash (b);
CREATE INDEX i2 ON t USING gin (c);
CREATE INDEX i3 ON t USING gist (d);
CREATE INDEX i4 ON t USING spgist (f);
CREATE INDEX i5 ON t USING brin (a int4_minmax_multi_ops) WITH (pages_per_range = 16);
CREATE UNIQUE INDEX i7 ON t(a) nulls NOT DISTINCT;
CREATE INDEX i8 ON t USING gin (g, e) WITH (fastupdate = off);
CREATE INDEX i9 ON t((c ->> 'x'), (lower(b)) text_pattern_ops);
-- down
DROP INDEX i1;
DROP INDEX i2;
DROP INDEX i3;
DROP INDEX i4;
DROP INDEX i5;
DROP INDEX i6;
DROP INDEX i7;
DROP INDEX i8;
DROP INDEX i9;
