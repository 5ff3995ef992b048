-- judged on PostgreSQL 15, of 1bcf1e1785c717a7
-- up
CREATE OR REPLACE AGGREGATE public.a1(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '0',
    COMBINEFUNC = int4pl,
    MSFUNC = int4pl,
    MINVFUNC = int4mi,
    MSTYPE = integer,
    MINITCOND = '0',
    PARALLEL = SAFE
);
ALTER AGGREGATE a1(integer) OWNER TO confiture_test_owner;
GRANT EXECUTE ON FUNCTION a1(integer) TO confiture_test_reader;
CREATE AGGREGATE a2(*) (sfunc = int8inc, stype = bigint, initcond = '0');
CREATE VIEW v AS SELECT a1(x) FROM (VALUES (1)) y(x);
-- down
DROP VIEW v;
DROP AGGREGATE a2(*);
CREATE OR REPLACE AGGREGATE public.a1(integer) (
    SFUNC = int4pl,
    STYPE = integer
);
ALTER AGGREGATE a1(integer) OWNER TO CURRENT_USER;
REVOKE EXECUTE ON FUNCTION a1(integer) FROM confiture_test_reader;
