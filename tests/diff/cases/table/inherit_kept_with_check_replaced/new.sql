CREATE TABLE p (a integer, CONSTRAINT c CHECK (a < 6));
CREATE TABLE h (x integer, CONSTRAINT d CHECK (x > 0)) INHERITS (p);
