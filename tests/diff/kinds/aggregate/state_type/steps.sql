DROP AGGREGATE total(integer);
CREATE AGGREGATE public.total(integer) (
    SFUNC = int84pl,
    STYPE = bigint,
    INITCOND = '0'
);
