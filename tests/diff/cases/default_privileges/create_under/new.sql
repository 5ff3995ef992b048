ALTER DEFAULT privileges GRANT SELECT ON TABLES TO confiture_test_reader;
CREATE TABLE t(a int);
CREATE TABLE u(a int);
REVOKE SELECT ON u FROM confiture_test_reader;
