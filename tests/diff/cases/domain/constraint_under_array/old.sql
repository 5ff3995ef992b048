CREATE DOMAIN d AS integer CONSTRAINT a CHECK (value > 0) CONSTRAINT b CHECK (value < 10);
CREATE TABLE t (x d DEFAULT 5, y d[]);
CREATE DOMAIN n AS text;
CREATE TYPE k AS (a n);
CREATE TABLE u (id integer, x n, y k);
