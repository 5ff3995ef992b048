CREATE OPERATOR CLASS plain FOR TYPE integer USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 hashint4(integer);
COMMENT ON OPERATOR CLASS plain USING hash IS 'As it was';
ALTER OPERATOR CLASS plain USING hash OWNER TO confiture_writer;
