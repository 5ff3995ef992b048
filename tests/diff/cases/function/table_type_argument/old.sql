CREATE TABLE t(a int, b text);
CREATE FUNCTION f(r t) RETURNS text LANGUAGE sql AS 'select r.b';
CREATE FUNCTION g() RETURNS TABLE (x int, y t) LANGUAGE sql AS 'select 1, null::t';
