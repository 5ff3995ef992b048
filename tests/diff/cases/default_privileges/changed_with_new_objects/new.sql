CREATE SCHEMA s;
ALTER DEFAULT privileges IN SCHEMA s GRANT INSERT ON TABLES TO confiture_test_writer;
CREATE TABLE s.t(a int);
CREATE TABLE s.u(a int);
CREATE VIEW s.v AS SELECT a FROM s.t;
CREATE SEQUENCE s.q;
GRANT SELECT ON s.q TO confiture_test_reader;
