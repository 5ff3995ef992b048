CREATE SCHEMA a;
CREATE TABLE a.u(x int);
CREATE SCHEMA b authorization confiture_test_owner;
CREATE TABLE b.t(x int);
GRANT ALL ON SCHEMA b TO confiture_test_reader WITH GRANT option;
