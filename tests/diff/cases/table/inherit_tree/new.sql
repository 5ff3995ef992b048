CREATE TABLE a(x int NOT NULL, y varchar(20) DEFAULT 'q', n date);
CREATE TABLE b(z bigint, CHECK (z > 0)) INHERITS (a);
CREATE TABLE c(w int) INHERITS (b);
CREATE TABLE d(x int DEFAULT 7) INHERITS (a, c);
