-- judged on PostgreSQL 15, of dba8dda0d87f5a0d
-- up
CREATE TABLE t(a int);
CREATE TABLE u(a int);
REVOKE SELECT ON TABLE u FROM confiture_test_reader;
-- down
DROP TABLE t;
DROP TABLE u;
