CREATE PROCEDURE p(a integer) LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE q(a integer, INOUT b integer) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
