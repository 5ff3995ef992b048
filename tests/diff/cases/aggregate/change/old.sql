CREATE AGGREGATE ag(int) (sfunc = int4pl, stype = int, initcond = '0');
