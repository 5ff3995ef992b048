-- judged on PostgreSQL 15
-- up
CREATE OPERATOR === (leftarg=int, rightarg=int, FUNCTION=f, commutator = ===, RESTRICT=eqsel);
COMMENT ON OPERATOR === (integer, integer) IS 'o';
-- down
DROP OPERATOR === (integer, integer);
