ALTER DEFAULT privileges GRANT SELECT ON TABLES TO confiture_test_reader;
