CREATE FUNCTION sf(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE ag(integer) (SFUNC = sf, STYPE = integer, INITCOND = '0');
CREATE VIEW v AS SELECT ag(x) FROM generate_series(1, 3) x;
