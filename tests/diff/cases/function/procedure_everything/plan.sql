-- judged on PostgreSQL 15, of 4c7021a9a86a4cd2
-- up
DROP PROCEDURE p(integer);
CREATE OR REPLACE PROCEDURE public.q(IN a integer, INOUT b integer)
 LANGUAGE plpgsql
AS $procedure$BEGIN b := 2; END$procedure$;
COMMENT ON PROCEDURE q(integer, integer) IS 'too';
ALTER PROCEDURE q(integer, integer) OWNER TO confiture_test_owner;
REVOKE EXECUTE ON PROCEDURE q(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE q(integer, integer) TO confiture_test_reader;
CREATE PROCEDURE p(a integer, b integer DEFAULT 3) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN COMMIT; END';
COMMENT ON PROCEDURE p(integer, integer) IS 'does it';
ALTER PROCEDURE p(integer, integer) OWNER TO confiture_test_owner;
-- down
DROP PROCEDURE p(integer, integer);
CREATE OR REPLACE PROCEDURE public.q(IN a integer, INOUT b integer)
 LANGUAGE plpgsql
AS $procedure$BEGIN b := 1; END$procedure$;
COMMENT ON PROCEDURE q(integer, integer) IS NULL;
ALTER PROCEDURE q(integer, integer) OWNER TO CURRENT_USER;
REVOKE EXECUTE ON PROCEDURE q(integer, integer) FROM confiture_test_reader;
GRANT EXECUTE ON PROCEDURE q(integer, integer) TO PUBLIC;
CREATE PROCEDURE p(a integer) LANGUAGE plpgsql AS 'BEGIN END';
