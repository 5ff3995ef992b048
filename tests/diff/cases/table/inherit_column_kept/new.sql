CREATE TABLE p (a integer);
CREATE TABLE c (x integer, b text) INHERITS (p);
CREATE TABLE d (c date) INHERITS (p);
