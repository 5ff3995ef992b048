CREATE TABLE p (a bigint DEFAULT 1, b text, n int, e int DEFAULT 9, CONSTRAINT ck CHECK (a > 1));
CREATE TABLE c (a bigint DEFAULT 3, d int, e int DEFAULT 8, n int NOT NULL, CONSTRAINT ck CHECK (a > 1)) INHERITS (p);
CREATE TABLE g (CONSTRAINT x CHECK (d > 0)) INHERITS (c);
CREATE TABLE lonely (a int, e int, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE kept (e int DEFAULT 3, CONSTRAINT positive CHECK (a > 0)) INHERITS (lonely);
CREATE TABLE below () INHERITS (kept);
