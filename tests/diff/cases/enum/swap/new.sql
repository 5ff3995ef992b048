CREATE TYPE e AS ENUM ('a','b');
CREATE TYPE g AS ENUM ('a','b','c');
CREATE TABLE t(a g DEFAULT 'a', b e);
