CREATE SCHEMA s;
ALTER DEFAULT privileges IN SCHEMA s GRANT SELECT ON TABLES TO confiture_test_reader;
ALTER DEFAULT privileges FOR role confiture_test_owner GRANT ALL ON sequences TO confiture_test_writer WITH GRANT option;
ALTER DEFAULT privileges REVOKE EXECUTE ON functions FROM public;
ALTER DEFAULT privileges FOR role confiture_test_owner IN SCHEMA s GRANT EXECUTE ON functions TO public;
ALTER DEFAULT privileges GRANT usage ON schemas TO confiture_test_reader;
ALTER DEFAULT privileges REVOKE usage ON types FROM public;
CREATE TABLE s.t(a int);
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'select 1';
