-- judged on PostgreSQL 15, of d9fb25501e6bae31
-- up
CREATE conversion conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION conv IS 'c';
ALTER CONVERSION conv OWNER TO confiture_test_owner;
-- down
DROP CONVERSION conv;
