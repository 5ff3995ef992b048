CREATE DOMAIN x AS text CHECK (value IN ('a', 'b'));
CREATE TABLE t(a x DEFAULT 'a', b x[]);
CREATE VIEW v AS SELECT a FROM t;
