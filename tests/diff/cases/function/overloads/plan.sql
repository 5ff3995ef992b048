-- judged on PostgreSQL 15, of 3032d12ca7d452a2
-- up
DROP FUNCTION f(text);
CREATE FUNCTION f(text, VARIADIC int[]) RETURNS int LANGUAGE sql AS 'select 2';
CREATE FUNCTION tf(out a int, out b text) RETURNS SETOF record LANGUAGE sql AS 'select 1, ''x''';
CREATE FUNCTION tt() RETURNS TABLE (q int) LANGUAGE sql AS 'select 1';
CREATE PROCEDURE p(inout a int) LANGUAGE plpgsql AS 'begin a := 1; end';
-- down
DROP PROCEDURE p(integer);
DROP FUNCTION f(text, integer[]);
DROP FUNCTION tf();
DROP FUNCTION tt();
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'select 2';
