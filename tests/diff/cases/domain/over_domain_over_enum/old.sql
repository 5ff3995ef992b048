CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN d1 AS e CHECK (value <> 'c');
CREATE DOMAIN d2 AS d1 DEFAULT 'a' NOT NULL;
CREATE TABLE t(a d2, b d2[]);
