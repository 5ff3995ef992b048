CREATE TABLE p (a integer, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE q (b integer);
CREATE TABLE r (a integer, CONSTRAINT positive CHECK (a > 0));
CREATE TABLE c () INHERITS (q, p);
CREATE TABLE d () INHERITS (r);
CREATE TABLE e () INHERITS (q, p);
