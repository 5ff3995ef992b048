-- judged on PostgreSQL 15, of 680721bf9a1ac3b4
-- up
DROP FUNCTION f(anyelement);
CREATE FUNCTION f(anyelement, anyelement DEFAULT NULL) RETURNS anyarray LANGUAGE sql AS 'select array[$1, $2]';
CREATE FUNCTION g(VARIADIC anyarray) RETURNS int LANGUAGE sql AS 'select array_length($1, 1)';
CREATE FUNCTION h(anycompatible, anycompatiblearray) RETURNS boolean LANGUAGE sql AS 'select true';
CREATE FUNCTION t(a int, out b int, out c text) LANGUAGE sql AS $$select 1, 'x'$$;
-- down
DROP FUNCTION f(anyelement, anyelement);
DROP FUNCTION g(anyarray);
DROP FUNCTION h(anycompatible, anycompatiblearray);
DROP FUNCTION t(integer);
CREATE FUNCTION f(anyelement) RETURNS anyarray LANGUAGE sql AS 'select array[$1]';
