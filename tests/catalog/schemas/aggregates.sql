CREATE FUNCTION pair_add(text, integer, text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $2 || $3';
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0',
    COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE everything(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE moving(float8) (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}',
    FINALFUNC = float8_avg, FINALFUNC_MODIFY = SHAREABLE, SSPACE = 100,
    MSFUNC = float8pl, MINVFUNC = float8mi, MSTYPE = float8, MINITCOND = '0', MSSPACE = 50);
CREATE AGGREGATE smallest_of(integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = <);
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA = true, FINALFUNC_MODIFY = READ_WRITE);
CREATE AGGREGATE placed(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
    STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA = true, HYPOTHETICAL);
CREATE AGGREGATE pair(x integer, y text) (SFUNC = pair_add, STYPE = text);
COMMENT ON AGGREGATE everything(*) IS 'counts';
GRANT EXECUTE ON FUNCTION total(integer) TO pg_monitor;
