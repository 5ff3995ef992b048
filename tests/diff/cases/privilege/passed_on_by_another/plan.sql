-- judged on PostgreSQL 15, of b9a0c7043e172408
-- up
SET ROLE confiture_test_reader;
REVOKE SELECT ON TABLE t FROM confiture_test_writer;
RESET ROLE;
GRANT SELECT ON TABLE t TO confiture_test_writer;
GRANT SELECT ON TABLE u TO confiture_test_reader WITH GRANT OPTION;
SET ROLE confiture_test_reader;
GRANT SELECT ON TABLE u TO confiture_test_writer WITH GRANT OPTION;
RESET ROLE;
SET ROLE confiture_test_writer;
GRANT SELECT ON TABLE u TO confiture_test_owner;
RESET ROLE;
-- down
REVOKE SELECT ON TABLE t FROM confiture_test_writer;
SET ROLE confiture_test_reader;
GRANT SELECT ON TABLE t TO confiture_test_writer;
RESET ROLE;
SET ROLE confiture_test_writer;
REVOKE SELECT ON TABLE u FROM confiture_test_owner;
RESET ROLE;
SET ROLE confiture_test_reader;
REVOKE SELECT ON TABLE u FROM confiture_test_writer;
RESET ROLE;
REVOKE SELECT ON TABLE u FROM confiture_test_reader;
