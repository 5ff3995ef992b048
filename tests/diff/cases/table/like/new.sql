CREATE TABLE t(a int DEFAULT 5 NOT NULL CHECK (a > 1), b text);
CREATE INDEX ON t(b);
CREATE TABLE u (like t including ALL, c int);
