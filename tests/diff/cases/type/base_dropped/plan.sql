-- judged on PostgreSQL 15, of 263c33fa7a1bec15
-- up
ALTER TABLE t DROP COLUMN a;
DROP TYPE my_int CASCADE;
-- down
CREATE TYPE my_int;
CREATE FUNCTION my_in(cstring) RETURNS my_int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION my_out(my_int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.my_int (
    INPUT = public.my_in,
    OUTPUT = public.my_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4,
    STORAGE = plain
);
ALTER TABLE t ADD COLUMN a my_int;
