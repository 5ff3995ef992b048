CREATE PROCEDURE p(inout a int, b text DEFAULT 'x') LANGUAGE plpgsql AS 'begin a := 1; end';
