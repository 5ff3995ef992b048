-- judged on PostgreSQL 15, of 779c740bb786ab39
-- up
CREATE OR REPLACE AGGREGATE public.ag(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '5'
);
COMMENT ON AGGREGATE ag(integer) IS 'x';
-- down
CREATE OR REPLACE AGGREGATE public.ag(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '0'
);
COMMENT ON AGGREGATE ag(integer) IS NULL;
