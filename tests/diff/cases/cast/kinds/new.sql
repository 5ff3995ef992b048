CREATE TYPE m AS (a int);
CREATE FUNCTION f(m) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1.a';
CREATE FUNCTION g(int) RETURNS m LANGUAGE sql IMMUTABLE AS 'select row($1)::m';
CREATE CAST (m AS int) WITH FUNCTION f(m);
CREATE CAST (int AS m) WITH FUNCTION g(int) AS assignment;
CREATE CAST (m AS text) WITH inout AS assignment;
CREATE TABLE t(x m DEFAULT 3::m);
CREATE VIEW v AS SELECT x::int AS i FROM t;
