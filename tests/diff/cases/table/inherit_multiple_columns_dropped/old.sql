CREATE TABLE a(x int, y text, CHECK (x > 0));
CREATE TABLE b(x int, z int) INHERITS (a);
CREATE TABLE c() INHERITS (b);
