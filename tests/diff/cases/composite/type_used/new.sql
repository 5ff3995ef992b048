CREATE TYPE c AS (a bigint, b text COLLATE "C");
CREATE TABLE t(x c);
CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1';
