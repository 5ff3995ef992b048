CREATE TYPE e AS ENUM ('a','b','c','d','f');
CREATE TABLE t(a e DEFAULT 'c');
