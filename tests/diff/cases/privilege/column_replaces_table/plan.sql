-- judged on PostgreSQL 15, of 5e7a60bb3aa8fbc1
-- up
REVOKE SELECT, UPDATE ON TABLE t FROM confiture_test_reader;
GRANT INSERT ON TABLE t TO confiture_test_writer;
REVOKE INSERT (a) ON TABLE t FROM confiture_test_writer;
GRANT SELECT (a) ON TABLE t TO confiture_test_reader;
GRANT REFERENCES (a) ON TABLE t TO confiture_test_writer WITH GRANT OPTION;
GRANT SELECT (b) ON TABLE t TO confiture_test_reader;
GRANT UPDATE (c) ON TABLE t TO confiture_test_reader;
-- down
REVOKE INSERT ON TABLE t FROM confiture_test_writer;
GRANT SELECT, UPDATE ON TABLE t TO confiture_test_reader;
REVOKE SELECT (a) ON TABLE t FROM confiture_test_reader;
REVOKE REFERENCES (a) ON TABLE t FROM confiture_test_writer;
GRANT INSERT (a) ON TABLE t TO confiture_test_writer;
REVOKE SELECT (b) ON TABLE t FROM confiture_test_reader;
REVOKE UPDATE (c) ON TABLE t FROM confiture_test_reader;
