CREATE SUBSCRIPTION confiture_test_owned CONNECTION 'host=nowhere dbname=x' PUBLICATION a WITH (connect = false, slot_name = NONE);
ALTER SUBSCRIPTION confiture_test_owned OWNER TO confiture_test_super;
