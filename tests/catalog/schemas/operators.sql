CREATE TYPE pair AS (x integer, y integer);
CREATE FUNCTION pair_lt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.x < $2.x';
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.x = $2.x';
CREATE FUNCTION pair_gt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.x > $2.x';
CREATE FUNCTION pair_cmp(pair, pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.x - $2.x';
CREATE FUNCTION pair_lt_int(pair, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.x < $2';
CREATE FUNCTION flip(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT row($1.y, $1.x)::pair';
CREATE OPERATOR #< (FUNCTION = pair_lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = #>,
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR #> (FUNCTION = pair_gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = #<);
CREATE OPERATOR #= (FUNCTION = pair_eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = #=, MERGES, HASHES);
CREATE OPERATOR #< (FUNCTION = pair_lt_int, LEFTARG = pair, RIGHTARG = integer);
CREATE OPERATOR ~~~ (FUNCTION = flip, RIGHTARG = pair);
COMMENT ON OPERATOR ~~~ (NONE, pair) IS 'flips';
CREATE OPERATOR FAMILY pair_family USING btree;
CREATE OPERATOR CLASS pair_order DEFAULT FOR TYPE pair USING btree FAMILY pair_family AS
    OPERATOR 1 #<, OPERATOR 3 #=, FUNCTION 1 pair_cmp(pair, pair);
ALTER OPERATOR FAMILY pair_family USING btree ADD OPERATOR 1 #< (pair, integer);
CREATE OPERATOR CLASS points FOR TYPE point USING gist AS
    OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops, STORAGE box;
CREATE TABLE pairs (p pair);
CREATE INDEX pairs_p ON pairs (p pair_order);
COMMENT ON OPERATOR CLASS pair_order USING btree IS 'by x';
