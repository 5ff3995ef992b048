-- judged on PostgreSQL 15, of a7131c31a67cccac
-- up
SET ROLE confiture_test_owner;
REVOKE SELECT ON TABLE t FROM confiture_test_reader;
RESET ROLE;
GRANT INSERT ON TABLE t TO confiture_test_owner WITH GRANT OPTION;
SET ROLE confiture_test_owner;
GRANT INSERT ON TABLE t TO confiture_test_reader WITH GRANT OPTION;
RESET ROLE;
SET ROLE confiture_test_owner;
GRANT SELECT ON TABLE t TO confiture_test_writer;
RESET ROLE;
-- down
SET ROLE confiture_test_owner;
REVOKE SELECT ON TABLE t FROM confiture_test_writer;
RESET ROLE;
SET ROLE confiture_test_owner;
REVOKE INSERT ON TABLE t FROM confiture_test_reader;
RESET ROLE;
REVOKE INSERT ON TABLE t FROM confiture_test_owner;
SET ROLE confiture_test_owner;
GRANT SELECT ON TABLE t TO confiture_test_reader;
RESET ROLE;
