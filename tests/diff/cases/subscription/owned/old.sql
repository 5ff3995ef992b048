CREATE SUBSCRIPTION confiture_test_owned CONNECTION 'host=nowhere dbname=x' PUBLICATION a WITH (connect = false, slot_name = NONE);
