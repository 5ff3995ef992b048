CREATE AGGREGATE ag(int) (sfunc = int4pl, stype = int, initcond = '5');
COMMENT ON AGGREGATE ag(int) IS 'x';
