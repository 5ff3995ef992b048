CREATE TABLE a(z date, w int);
CREATE TABLE b(x int PRIMARY KEY, y text);
