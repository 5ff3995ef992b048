-- judged on PostgreSQL 15, of f68d3484c89d1eb4
-- up
REVOKE SELECT ON TABLE t FROM confiture_test_reader;
CREATE TABLE u(a int);
REVOKE SELECT ON TABLE u FROM confiture_test_reader;
CREATE VIEW v AS SELECT a FROM t;
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM confiture_test_reader;
-- down
DROP VIEW v;
DROP TABLE u;
GRANT SELECT ON TABLE t TO confiture_test_reader;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO confiture_test_reader;
