-- judged on PostgreSQL 15, of 6b573fc5afb65414
-- up
ALTER SUBSCRIPTION confiture_test_owned OWNER TO confiture_test_super;
-- down
ALTER SUBSCRIPTION confiture_test_owned OWNER TO CURRENT_USER;
