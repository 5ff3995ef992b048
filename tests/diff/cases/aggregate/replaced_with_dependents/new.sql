CREATE FUNCTION add8(bigint, int) RETURNS bigint IMMUTABLE LANGUAGE sql AS 'select $1 + $2';
CREATE AGGREGATE a1(int) (sfunc = add8, stype = bigint);
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
COMMENT ON VIEW v IS 'v';
