-- pg >= 15
CREATE TABLE t(a int, b text, c jsonb, d int4range, e tsvector, f point, g int[]);
CREATE INDEX i1 ON t USING hash (b);
CREATE INDEX i2 ON t USING gin (c);
CREATE INDEX i3 ON t USING gist (d);
CREATE INDEX i4 ON t USING spgist (f);
CREATE INDEX i5 ON t USING brin (a int4_minmax_multi_ops) WITH (pages_per_range = 16);
CREATE INDEX i6 ON t(b COLLATE "C" DESC nulls last, (a + 1), a) INCLUDE (c) WHERE b IS NOT NULL AND a IN (1, 2, 3);
CREATE UNIQUE INDEX i7 ON t(a) nulls NOT DISTINCT;
CREATE INDEX i8 ON t USING gin (g, e) WITH (fastupdate = off);
CREATE INDEX i9 ON t((c ->> 'x'), (lower(b)) text_pattern_ops);
ALTER INDEX i6 ALTER COLUMN 2 SET STATISTICS 500;
COMMENT ON INDEX i6 IS 'six';
