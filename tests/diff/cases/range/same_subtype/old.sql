CREATE TYPE "My range" AS RANGE (subtype = text);
CREATE TABLE t(a "My range", c int);
