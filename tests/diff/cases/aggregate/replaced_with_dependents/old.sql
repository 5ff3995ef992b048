CREATE AGGREGATE a1(int) (sfunc = int4pl, stype = int);
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
COMMENT ON VIEW v IS 'v';
