CREATE TABLE t(a int, c text);
CREATE FUNCTION f(r t) RETURNS text LANGUAGE sql AS 'select r.c';
CREATE FUNCTION g() RETURNS TABLE (x int, y t, z int) LANGUAGE sql AS 'select 1, null::t, 2';
