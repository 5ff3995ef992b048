CREATE TABLE a(x int);
CREATE TABLE b(x int);
CREATE INDEX i ON a(x);
