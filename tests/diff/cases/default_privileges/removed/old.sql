CREATE SCHEMA s;
ALTER DEFAULT privileges IN SCHEMA s GRANT SELECT ON TABLES TO confiture_test_reader;
ALTER DEFAULT privileges REVOKE EXECUTE ON functions FROM public;
ALTER DEFAULT privileges FOR role confiture_test_owner GRANT ALL ON TABLES TO confiture_test_writer;
CREATE TABLE s.t(a int);
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'select 1';
