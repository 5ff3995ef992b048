CREATE TABLE t(a int, b text, c jsonb);
CREATE INDEX i ON t(a);
CREATE INDEX j ON t(b);
CREATE UNIQUE INDEX k ON t(a);
