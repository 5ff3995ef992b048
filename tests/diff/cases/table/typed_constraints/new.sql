CREATE TYPE ct AS (a int, b text, c date);
CREATE TABLE t OF ct (b WITH OPTIONS DEFAULT 'y', CHECK (a > 0));
CREATE INDEX i ON t(b);
