-- judged on PostgreSQL 15, of 9d1c8ad6c78bd9fe
-- up
DROP VIEW v;
DROP AGGREGATE a1(integer);
CREATE FUNCTION add8(bigint, int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'select $1 + $2';
CREATE AGGREGATE a1(int) (sfunc = add8, stype = bigint);
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
COMMENT ON VIEW v IS 'v';
-- down
DROP VIEW v;
DROP AGGREGATE a1(integer);
DROP FUNCTION add8(bigint, integer);
CREATE AGGREGATE a1(int) (sfunc = int4pl, stype = int);
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
COMMENT ON VIEW v IS 'v';
