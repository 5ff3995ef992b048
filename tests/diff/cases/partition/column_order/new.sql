CREATE TABLE p(a int, b text, c bigint, d int DEFAULT 1) PARTITION BY RANGE (a);
CREATE TABLE q(c bigint, b text, a int, d int DEFAULT 1);
ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (1) TO (5);
CREATE INDEX i ON p(c);
