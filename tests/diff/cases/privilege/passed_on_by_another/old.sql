CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
GRANT SELECT ON t TO confiture_test_reader WITH GRANT OPTION;
SET ROLE confiture_test_reader;
GRANT SELECT ON t TO confiture_test_writer;
RESET ROLE;
