CREATE TABLE z(i int);
CREATE conversion conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON conversion conv IS 'c';
ALTER conversion conv OWNER TO confiture_test_owner;
