CREATE AGGREGATE a1(int) (sfunc = int4pl, stype = int);
