CREATE FUNCTION same(integer, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR === (FUNCTION = same, LEFTARG = integer, RIGHTARG = text);
ALTER OPERATOR === (integer, text) OWNER TO confiture_writer;
