CREATE TABLE p (a integer NOT NULL, b timestamptz);
CREATE TABLE c (x integer) INHERITS (p);
