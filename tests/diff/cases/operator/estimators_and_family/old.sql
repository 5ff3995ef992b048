CREATE FUNCTION eq(integer, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION cmp(integer, bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE OPERATOR === (FUNCTION = eq, LEFTARG = integer, RIGHTARG = text);
CREATE OPERATOR FAMILY fam USING btree;
CREATE TABLE t (a integer, b text, CHECK (a === b));
