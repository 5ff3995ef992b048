CREATE TABLE t(a int, b int);
COMMENT ON TABLE t IS E'o''ne\n\ttwo';
COMMENT ON COLUMN t.b IS '';
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 2';
COMMENT ON FUNCTION f() IS 'five and a half';
