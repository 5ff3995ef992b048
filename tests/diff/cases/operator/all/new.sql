CREATE FUNCTION f(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 = $2';
CREATE OPERATOR === (leftarg=int, rightarg=int, FUNCTION=f, commutator = ===, RESTRICT=eqsel);
COMMENT ON OPERATOR === (int, int) IS 'o';
