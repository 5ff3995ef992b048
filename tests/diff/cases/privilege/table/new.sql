CREATE TABLE t(a int, b int);
GRANT SELECT, INSERT ON t TO confiture_test_reader WITH GRANT option;
GRANT UPDATE (b) ON t TO test;
REVOKE ALL ON t FROM app_role;
GRANT SELECT ON t TO public;
