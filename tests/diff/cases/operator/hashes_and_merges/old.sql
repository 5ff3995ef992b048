CREATE FUNCTION eq(int8, int8) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true';
CREATE OPERATOR === (LEFTARG = int8, RIGHTARG = int8, FUNCTION = eq, COMMUTATOR = ===, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE VIEW v AS SELECT 1::int8 === 2::int8 AS x;
