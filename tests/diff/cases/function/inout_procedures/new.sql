-- pg >= 14
CREATE PROCEDURE p(inout a int, inout c text, b text DEFAULT 'y') LANGUAGE plpgsql AS 'begin a := 2; end';
CREATE PROCEDURE q(a int, b int) BEGIN atomic SELECT a + b; END;
