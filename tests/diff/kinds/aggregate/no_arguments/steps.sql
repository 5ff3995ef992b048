CREATE AGGREGATE public.rows(*) (
    SFUNC = int8inc,
    STYPE = bigint,
    INITCOND = '0'
);
COMMENT ON AGGREGATE rows(*) IS 'How many';
ALTER AGGREGATE rows(*) OWNER TO confiture_writer;
REVOKE EXECUTE ON FUNCTION rows() FROM PUBLIC;
