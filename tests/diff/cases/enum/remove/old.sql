CREATE TYPE e AS ENUM ('a','b','c');
CREATE TABLE t(a e DEFAULT 'b', b e[], CHECK (a <> 'c'), CONSTRAINT u UNIQUE (a));
CREATE INDEX i ON t(b);
CREATE INDEX p ON t(a) WHERE a = 'b';
CREATE VIEW v AS SELECT a FROM t WHERE a = 'b';
CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql AS 'select x';
CREATE DOMAIN de AS e CHECK (value <> 'c');
CREATE TABLE t2(x de DEFAULT 'a');
COMMENT ON TYPE e IS 'hi';
