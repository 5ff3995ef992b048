CREATE OPERATOR FAMILY public.plain USING hash;
CREATE OPERATOR CLASS public.plain FOR TYPE integer USING hash FAMILY public.plain AS
    OPERATOR 1 =(integer,integer),
    FUNCTION 1 (integer, integer) hashint4(integer);
COMMENT ON OPERATOR CLASS plain USING hash IS 'As it was';
ALTER OPERATOR CLASS plain USING hash OWNER TO confiture_writer;
