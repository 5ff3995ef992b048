CREATE TABLE t(a int);
CREATE subscription confiture_test_sub connection 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p, q WITH (connect = FALSE, slot_name = none, enabled = FALSE);
COMMENT ON subscription confiture_test_sub IS 'far';
