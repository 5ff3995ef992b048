CREATE TABLE p (a integer, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE q (b integer);
CREATE TABLE r (a integer, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE c () INHERITS (p, q);
CREATE TABLE d (CONSTRAINT positive CHECK (a > 0)) INHERITS (p);
CREATE TABLE e (a integer, CONSTRAINT positive CHECK (a > 0)) INHERITS (q);
