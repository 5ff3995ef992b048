-- pg >= 15
CREATE TABLE t(a int);
REVOKE ALL ON SCHEMA public FROM public;
GRANT usage ON SCHEMA public TO confiture_test_reader;
GRANT CREATE ON SCHEMA public TO confiture_test_writer WITH GRANT option;
COMMENT ON SCHEMA public IS 'ours';
