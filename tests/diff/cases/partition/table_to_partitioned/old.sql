CREATE TABLE p(a int PRIMARY KEY, b text);
CREATE INDEX pb ON p(b);
