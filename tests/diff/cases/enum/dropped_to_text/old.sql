CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t(a e DEFAULT 'a', b e[]);
CREATE FUNCTION f(e) RETURNS int LANGUAGE sql AS 'select 1';
