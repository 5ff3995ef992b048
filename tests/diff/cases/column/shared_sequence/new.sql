CREATE SEQUENCE s START 100;
CREATE TABLE t(a bigint DEFAULT nextval('s'));
CREATE TABLE u(a bigint);
CREATE VIEW v AS SELECT nextval('s') AS n;
