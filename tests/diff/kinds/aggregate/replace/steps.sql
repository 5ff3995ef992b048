CREATE OR REPLACE AGGREGATE public.product(integer) (
    SFUNC = int4mul,
    STYPE = integer,
    INITCOND = '1'
);
