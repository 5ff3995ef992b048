CREATE TABLE t(a int);
GRANT SELECT, INSERT ON t TO confiture_test_owner WITH GRANT option;
SET role confiture_test_owner;
GRANT SELECT ON t TO confiture_test_writer;
GRANT INSERT ON t TO confiture_test_reader WITH GRANT option;
reset role;
