CREATE TABLE t (a int, b text, c int[]);
CREATE INDEX i1 ON t (a) WITH (fillfactor=50);
CREATE INDEX i2 ON t USING gin (c) WITH (fastupdate=off);
CREATE INDEX i3 ON t USING brin (a) WITH (pages_per_range=4);
CREATE INDEX i4 ON t USING hash (b);
