CREATE AGGREGATE rows(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
COMMENT ON AGGREGATE rows(*) IS 'How many';
REVOKE ALL ON FUNCTION rows() FROM PUBLIC;
ALTER AGGREGATE rows(*) OWNER TO confiture_writer;
