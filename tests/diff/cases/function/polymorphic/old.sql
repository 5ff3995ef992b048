CREATE FUNCTION f(anyelement) RETURNS anyarray LANGUAGE sql AS 'select array[$1]';
