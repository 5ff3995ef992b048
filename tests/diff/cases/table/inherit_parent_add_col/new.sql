CREATE TABLE p(a int, z text DEFAULT 'q');
CREATE TABLE c(b int) INHERITS (p);
