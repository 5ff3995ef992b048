-- judged on PostgreSQL 15, of ce98323715eb90d8
-- up
DROP VIEW v;
DROP OPERATOR !== (integer, integer);
DROP OPERATOR === (integer, integer);
DROP FUNCTION f(integer, integer);
CREATE TABLE z(i int);
-- down
DROP TABLE z;
CREATE FUNCTION f(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select true';
CREATE OPERATOR === (leftarg = int, rightarg = int, FUNCTION = f, commutator = ===);
CREATE OPERATOR !== (leftarg = int, rightarg = int, FUNCTION = f, negator = ===);
CREATE VIEW v AS SELECT 1 === 2 AS x;
