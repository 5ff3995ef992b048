CREATE TABLE p (a integer[] DEFAULT '{}', b integer NOT NULL, CONSTRAINT c CHECK (cardinality(a) < 5));
CREATE TABLE h () INHERITS (p);
