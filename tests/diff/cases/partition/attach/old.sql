CREATE TABLE p(a int, b text) PARTITION BY RANGE (a);
CREATE TABLE q(a int, b text);
CREATE INDEX qi ON q(b);
