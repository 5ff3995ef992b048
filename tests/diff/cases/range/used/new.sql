CREATE TYPE r AS RANGE (subtype = timestamptz);
CREATE TABLE t(a r);
