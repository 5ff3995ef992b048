CREATE TYPE c AS (a int, d numeric);
CREATE TABLE t(x c);
