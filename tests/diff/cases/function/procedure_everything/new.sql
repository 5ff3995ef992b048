-- pg >= 14
CREATE PROCEDURE p(a integer, b integer DEFAULT 3) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN COMMIT; END';
CREATE PROCEDURE q(a integer, INOUT b integer) LANGUAGE plpgsql AS 'BEGIN b := 2; END';
COMMENT ON PROCEDURE p(integer, integer) IS 'does it';
COMMENT ON PROCEDURE q(integer, integer) IS 'too';
REVOKE EXECUTE ON PROCEDURE q(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE q(integer, integer) TO confiture_test_reader;
ALTER PROCEDURE p(integer, integer) OWNER TO confiture_test_owner;
ALTER PROCEDURE q(integer, integer) OWNER TO confiture_test_owner;
