CREATE TABLE a(x int, y text);
CREATE TABLE b(z int) INHERITS (a);
CREATE TABLE c(w int) INHERITS (b);
CREATE TABLE d() INHERITS (a, c);
