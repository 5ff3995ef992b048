CREATE AGGREGATE middle(float8 ORDER BY anyelement) (
    SFUNC = ordered_set_transition,
    STYPE = internal,
    FINALFUNC = percentile_disc_final,
    FINALFUNC_EXTRA
);
REVOKE ALL ON FUNCTION middle(float8, anyelement) FROM PUBLIC;
