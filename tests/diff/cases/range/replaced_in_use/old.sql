CREATE TYPE r AS RANGE (subtype = int);
CREATE TABLE t(a r, b r[], c int);
CREATE INDEX i ON t USING gist (a);
