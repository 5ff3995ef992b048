CREATE SCHEMA s;
ALTER DEFAULT privileges IN SCHEMA s GRANT SELECT ON TABLES TO confiture_test_reader;
CREATE TABLE s.t(a int);
