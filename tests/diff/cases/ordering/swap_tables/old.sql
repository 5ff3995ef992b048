CREATE TABLE a(x int PRIMARY KEY, y text);
CREATE TABLE b(z date, w int);
