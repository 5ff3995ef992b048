CREATE TYPE "My range" AS RANGE (subtype = text, COLLATION = "C");
CREATE TABLE t(a "My range", c int);
