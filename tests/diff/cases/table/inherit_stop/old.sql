CREATE TABLE p(a int NOT NULL, b int DEFAULT 3, CHECK (a > 0));
CREATE TABLE c(a int NOT NULL, b int DEFAULT 3, d int, CONSTRAINT p_a_check CHECK (a > 0)) INHERITS (p);
CREATE INDEX i ON c(a);
