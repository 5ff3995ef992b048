CREATE FUNCTION sf(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE ag(integer) (SFUNC = sf, STYPE = integer, INITCOND = '1', COMBINEFUNC = sf, PARALLEL = SAFE);
CREATE VIEW v AS SELECT ag(x) FROM generate_series(1, 3) x;
COMMENT ON AGGREGATE ag(integer) IS 'all of it';
REVOKE EXECUTE ON FUNCTION ag(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ag(integer) TO confiture_test_reader;
ALTER AGGREGATE ag(integer) OWNER TO confiture_test_owner;
