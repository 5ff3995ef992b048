-- pg >= 13
CREATE TABLE t (a text, b int);
CREATE INDEX i ON t ((a || ' WITH (x')) WITH (fillfactor=60, deduplicate_items=off) WHERE a <> ' WITH (fillfactor=70)';
