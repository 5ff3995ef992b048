-- pg >= 14
CREATE TABLE z(i int);
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE textrange AS RANGE (subtype = text, COLLATION = "C", subtype_opclass = text_pattern_ops);
CREATE TYPE tr AS RANGE (subtype = time, multirange_type_name = many_tr);
CREATE TABLE t(a floatrange, b many_tr, c textrange[]);
COMMENT ON TYPE tr IS 'times';
GRANT usage ON TYPE tr TO confiture_test_reader;
ALTER TYPE tr OWNER TO confiture_test_owner;
