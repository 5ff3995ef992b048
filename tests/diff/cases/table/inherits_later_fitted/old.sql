CREATE TABLE a(y int NOT NULL CHECK (y > 0), z int);
CREATE TABLE b(x int);
