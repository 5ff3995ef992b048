CREATE TABLE t (a text, b int);
CREATE INDEX i ON t ((a || ' WITH (x')) WITH (fillfactor=50) WHERE a <> ' WITH (fillfactor=70)';
