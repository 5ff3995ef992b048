-- judged on PostgreSQL 15, of 2da045f4f0c38071
-- up
CREATE FUNCTION f() RETURNS bigint BEGIN atomic SELECT count(*) FROM t; END;
CREATE VIEW v AS SELECT f() AS n;
-- down
DROP VIEW v;
DROP FUNCTION f();
