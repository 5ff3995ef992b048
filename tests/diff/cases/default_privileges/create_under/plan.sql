-- judged on PostgreSQL 15
-- up
CREATE TABLE t(a int);
CREATE TABLE u(a int);
REVOKE SELECT ON TABLE u FROM confiture_test_reader;
-- down
DROP TABLE t;
DROP TABLE u;
