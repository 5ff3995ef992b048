CREATE TABLE t(a text DEFAULT 'a', b text[]);
CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'select 1';
