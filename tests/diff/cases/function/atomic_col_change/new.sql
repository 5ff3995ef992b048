-- pg >= 14
CREATE TABLE t(a bigint);
CREATE FUNCTION f() RETURNS numeric BEGIN atomic SELECT sum(a) FROM t; END;
