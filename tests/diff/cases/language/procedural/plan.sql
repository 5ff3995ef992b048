-- judged on PostgreSQL 15, of 46c7f7be2eda3c3f
-- up
CREATE trusted LANGUAGE mine handler own_handler inline own_inline validator own_validator;
COMMENT ON LANGUAGE mine IS 'mine';
GRANT USAGE ON LANGUAGE mine TO confiture_test_reader;
CREATE FUNCTION f() RETURNS int LANGUAGE mine AS 'begin return 1; end';
-- down
DROP FUNCTION f();
DROP LANGUAGE mine;
