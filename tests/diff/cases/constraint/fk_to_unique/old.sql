CREATE TABLE t(a int, b int, CONSTRAINT u UNIQUE (a, b));
CREATE TABLE s(x int, y int, FOREIGN KEY (x, y) REFERENCES t(a, b) match FULL ON UPDATE CASCADE);
