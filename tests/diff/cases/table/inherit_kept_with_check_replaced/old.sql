CREATE TABLE p (a integer, CONSTRAINT c CHECK (a < 5));
CREATE TABLE h (x integer) INHERITS (p);
