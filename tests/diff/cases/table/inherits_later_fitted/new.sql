CREATE TABLE a(y int NOT NULL CHECK (y > 0), z int);
CREATE TABLE b(x int, y int NOT NULL, z int, CONSTRAINT a_y_check CHECK (y > 0)) INHERITS (a);
