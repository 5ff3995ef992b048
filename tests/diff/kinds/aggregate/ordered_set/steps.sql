CREATE AGGREGATE public.middle(double precision ORDER BY anyelement) (
    SFUNC = ordered_set_transition,
    STYPE = internal,
    FINALFUNC = percentile_disc_final,
    FINALFUNC_EXTRA
);
REVOKE EXECUTE ON FUNCTION middle(double precision, anyelement) FROM PUBLIC;
