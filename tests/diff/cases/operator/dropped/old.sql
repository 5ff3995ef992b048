CREATE FUNCTION f(int, int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'select true';
CREATE OPERATOR === (leftarg = int, rightarg = int, FUNCTION = f, commutator = ===);
CREATE OPERATOR !== (leftarg = int, rightarg = int, FUNCTION = f, negator = ===);
CREATE VIEW v AS SELECT 1 === 2 AS x;
