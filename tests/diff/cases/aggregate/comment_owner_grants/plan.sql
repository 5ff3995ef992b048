-- judged on PostgreSQL 15, of d33d67a64ca8dce5
-- up
CREATE OR REPLACE AGGREGATE public.ag(integer) (
    SFUNC = public.sf,
    STYPE = integer,
    INITCOND = '1',
    COMBINEFUNC = public.sf,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE ag(integer) IS 'all of it';
ALTER AGGREGATE ag(integer) OWNER TO confiture_test_owner;
REVOKE EXECUTE ON FUNCTION ag(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ag(integer) TO confiture_test_reader;
-- down
CREATE OR REPLACE AGGREGATE public.ag(integer) (
    SFUNC = public.sf,
    STYPE = integer,
    INITCOND = '0'
);
COMMENT ON AGGREGATE ag(integer) IS NULL;
ALTER AGGREGATE ag(integer) OWNER TO CURRENT_USER;
REVOKE EXECUTE ON FUNCTION ag(integer) FROM confiture_test_reader;
GRANT EXECUTE ON FUNCTION ag(integer) TO PUBLIC;
