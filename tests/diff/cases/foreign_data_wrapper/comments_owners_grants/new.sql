SELECT 1;
CREATE FOREIGN DATA WRAPPER w OPTIONS (a '2', b '3');
CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (host 'y', port '1');
CREATE USER MAPPING FOR confiture_test_reader SERVER s OPTIONS (name 'b', word 'q');
CREATE USER MAPPING FOR PUBLIC SERVER s;
CREATE FOREIGN TABLE f (
    a bigint OPTIONS (c 'x') NOT NULL,
    b text DEFAULT 'q',
    c integer CHECK (c > 0)
) SERVER s OPTIONS (t 'y', z '1');
COMMENT ON FOREIGN DATA WRAPPER w IS 'second';
COMMENT ON SERVER s IS 'far away';
COMMENT ON FOREIGN TABLE f IS 'second';
COMMENT ON COLUMN f.b IS 'a text';
GRANT USAGE ON FOREIGN DATA WRAPPER w TO confiture_test_reader WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER s TO confiture_test_writer;
GRANT SELECT ON f TO confiture_test_reader;
GRANT INSERT (b) ON f TO confiture_test_writer;
ALTER SERVER s OWNER TO confiture_test_owner;
ALTER FOREIGN TABLE f OWNER TO confiture_test_owner;
