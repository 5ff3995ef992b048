CREATE TABLE p (a int DEFAULT 1, b text NOT NULL, n int NOT NULL, CONSTRAINT ck CHECK (a > 0));
CREATE TABLE c (a int DEFAULT 2, d int, CONSTRAINT ck CHECK (a > 0)) INHERITS (p);
CREATE TABLE g () INHERITS (c);
CREATE TABLE lonely (a int);
CREATE TABLE kept (e int DEFAULT 3, CONSTRAINT positive CHECK (a > 0)) INHERITS (lonely);
CREATE TABLE below () INHERITS (kept);
