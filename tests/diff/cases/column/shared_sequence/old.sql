CREATE SEQUENCE s;
CREATE TABLE t(a bigint DEFAULT nextval('s'));
CREATE TABLE u(a bigint DEFAULT nextval('s'));
