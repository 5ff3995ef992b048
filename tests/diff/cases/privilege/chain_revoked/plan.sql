-- judged on PostgreSQL 15, of 02accc338aad007d
-- up
SET ROLE confiture_test_owner;
REVOKE SELECT ON TABLE t FROM confiture_test_reader;
RESET ROLE;
REVOKE GRANT OPTION FOR SELECT ON TABLE t FROM confiture_test_owner;
GRANT SELECT ON TABLE t TO confiture_test_reader;
-- down
REVOKE SELECT ON TABLE t FROM confiture_test_reader;
GRANT SELECT ON TABLE t TO confiture_test_owner WITH GRANT OPTION;
SET ROLE confiture_test_owner;
GRANT SELECT ON TABLE t TO confiture_test_reader;
RESET ROLE;
