CREATE AGGREGATE a1(int) (sfunc = int4pl, stype = int, initcond = '0', combinefunc = int4pl, PARALLEL = safe, msfunc = int4pl, minvfunc = int4mi, mstype = int, minitcond = '0');
CREATE AGGREGATE a2(*) (sfunc = int8inc, stype = bigint, initcond = '0');
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
ALTER AGGREGATE a1(int) OWNER TO confiture_test_owner;
GRANT EXECUTE ON FUNCTION a1(int) TO confiture_test_reader;
