-- judged on PostgreSQL 15, of f79690e0ab3bfd9d
-- up
REVOKE SELECT ON TABLE s.t FROM confiture_test_reader;
GRANT INSERT ON TABLE s.t TO confiture_test_writer;
CREATE SEQUENCE s.q;
GRANT SELECT ON SEQUENCE s.q TO confiture_test_reader;
CREATE TABLE s.u(a int);
REVOKE SELECT ON TABLE s.u FROM confiture_test_reader;
GRANT INSERT ON TABLE s.u TO confiture_test_writer;
CREATE VIEW s.v AS SELECT a FROM s.t;
REVOKE SELECT ON TABLE s.v FROM confiture_test_reader;
GRANT INSERT ON TABLE s.v TO confiture_test_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE SELECT ON TABLES FROM confiture_test_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO confiture_test_writer;
-- down
DROP VIEW s.v;
DROP TABLE s.u;
DROP SEQUENCE s.q;
REVOKE INSERT ON TABLE s.t FROM confiture_test_writer;
GRANT SELECT ON TABLE s.t TO confiture_test_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE INSERT ON TABLES FROM confiture_test_writer;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO confiture_test_reader;
