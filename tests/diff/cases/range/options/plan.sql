-- judged on PostgreSQL 15, of db17ac4f1420caa9
-- up
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE textrange AS RANGE (subtype = text, COLLATION = "C", subtype_opclass = text_pattern_ops);
CREATE TYPE tr AS RANGE (subtype = time, multirange_type_name = many_tr);
COMMENT ON TYPE tr IS 'times';
ALTER TYPE tr OWNER TO confiture_test_owner;
GRANT USAGE ON TYPE tr TO confiture_test_reader;
CREATE TABLE t(a floatrange, b many_tr, c textrange[]);
-- down
DROP TABLE t;
DROP TYPE floatrange;
DROP TYPE textrange;
DROP TYPE tr;
