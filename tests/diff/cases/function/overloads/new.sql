CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';
CREATE FUNCTION f(text, VARIADIC int[]) RETURNS int LANGUAGE sql AS 'select 2';
CREATE PROCEDURE p(inout a int) LANGUAGE plpgsql AS 'begin a := 1; end';
CREATE FUNCTION tf(out a int, out b text) RETURNS SETOF record LANGUAGE sql AS 'select 1, ''x''';
CREATE FUNCTION tt() RETURNS TABLE (q int) LANGUAGE sql AS 'select 1';
