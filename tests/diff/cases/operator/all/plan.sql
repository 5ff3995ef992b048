-- judged on PostgreSQL 15, of 8ea000ab18c60f4b
-- up
CREATE OPERATOR === (leftarg=int, rightarg=int, FUNCTION=f, commutator = ===, RESTRICT=eqsel);
COMMENT ON OPERATOR === (integer, integer) IS 'o';
-- down
DROP OPERATOR === (integer, integer);
