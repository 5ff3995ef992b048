CREATE SCHEMA s;
ALTER DEFAULT privileges IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO confiture_test_reader;
ALTER DEFAULT privileges REVOKE EXECUTE ON functions FROM public;
ALTER DEFAULT privileges FOR role app_role GRANT usage ON schemas TO confiture_test_reader;
CREATE TABLE s.t(a int);
GRANT SELECT ON s.t TO confiture_test_reader;
CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'select 1';
