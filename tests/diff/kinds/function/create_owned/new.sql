CREATE FUNCTION double(n integer, OUT twice integer) LANGUAGE sql AS 'SELECT n * 2';
COMMENT ON FUNCTION double IS 'Twice as much';
REVOKE ALL ON FUNCTION double FROM PUBLIC;
GRANT EXECUTE ON FUNCTION double TO confiture_reader WITH GRANT OPTION;
ALTER FUNCTION double OWNER TO confiture_writer;
