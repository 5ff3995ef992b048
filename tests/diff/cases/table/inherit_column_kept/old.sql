CREATE TABLE p (a integer, b text, c date);
CREATE TABLE c (x integer) INHERITS (p);
CREATE TABLE d () INHERITS (p);
