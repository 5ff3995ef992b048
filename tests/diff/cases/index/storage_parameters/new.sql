-- Storage parameters are set in place.
CREATE TABLE t (a int, b text, c int[]);
CREATE INDEX i1 ON t (a) WITH (fillfactor=60);
CREATE INDEX i2 ON t USING gin (c);
CREATE INDEX i3 ON t USING brin (a) WITH (pages_per_range=8, autosummarize=on);
CREATE INDEX i4 ON t USING hash (b) WITH (fillfactor=90);
