-- judged on PostgreSQL 15, of a6a52bc083e517b5
-- up
CREATE SUBSCRIPTION confiture_test_sub
    CONNECTION 'host=127.0.0.1 port=1 dbname=x'
    PUBLICATION p, q
    WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION confiture_test_sub IS 'far';
-- down
DROP SUBSCRIPTION confiture_test_sub;
