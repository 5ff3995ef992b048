-- judged on PostgreSQL 15
-- up
ALTER SUBSCRIPTION confiture_test_owned OWNER TO confiture_test_super;
-- down
ALTER SUBSCRIPTION confiture_test_owned OWNER TO CURRENT_USER;
