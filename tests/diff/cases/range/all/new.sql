CREATE TYPE r AS RANGE (subtype = bigint);
CREATE TABLE t(a r);
CREATE TYPE fr AS RANGE (subtype = float8, subtype_diff = float8mi);
