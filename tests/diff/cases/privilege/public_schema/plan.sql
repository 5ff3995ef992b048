-- judged on PostgreSQL 15, of 197b67e0c477a73f
-- up
COMMENT ON SCHEMA public IS 'ours';
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO confiture_test_reader;
GRANT CREATE ON SCHEMA public TO confiture_test_writer WITH GRANT OPTION;
-- down
COMMENT ON SCHEMA public IS 'standard public schema';
REVOKE USAGE ON SCHEMA public FROM confiture_test_reader;
REVOKE CREATE ON SCHEMA public FROM confiture_test_writer;
GRANT USAGE ON SCHEMA public TO PUBLIC;
