-- judged on PostgreSQL 15, of f25cc924a1db9607
-- up
DROP PROCEDURE p(integer, text);
CREATE PROCEDURE p(inout a int, inout c text, b text DEFAULT 'y') LANGUAGE plpgsql AS 'begin a := 2; end';
CREATE PROCEDURE q(a int, b int) BEGIN atomic SELECT a + b; END;
-- down
DROP PROCEDURE p(integer, text, text);
DROP PROCEDURE q(integer, integer);
CREATE PROCEDURE p(inout a int, b text DEFAULT 'x') LANGUAGE plpgsql AS 'begin a := 1; end';
