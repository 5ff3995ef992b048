CREATE TYPE r AS RANGE (subtype = int);
CREATE TABLE t(a r);
