CREATE FUNCTION alike(integer, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR === (FUNCTION = alike, LEFTARG = integer, RIGHTARG = text);
