-- pg >= 14
CREATE TABLE t(a int);
CREATE FUNCTION f() RETURNS bigint BEGIN atomic SELECT count(*) FROM t; END;
CREATE VIEW v AS SELECT f() AS n;
