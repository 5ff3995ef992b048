CREATE TABLE a(y text);
CREATE TABLE b(x int, z int) INHERITS (a);
CREATE TABLE c() INHERITS (b);
