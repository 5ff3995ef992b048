CREATE TABLE p(a int, b text) PARTITION BY RANGE (a);
CREATE TABLE q (a int NOT NULL, b text);
