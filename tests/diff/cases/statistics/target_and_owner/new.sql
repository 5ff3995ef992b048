-- pg >= 13
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
CREATE STATISTICS r (dependencies, mcv) ON a, b, c FROM t;
ALTER STATISTICS s SET STATISTICS 100;
COMMENT ON STATISTICS s IS 'more of it';
ALTER STATISTICS s OWNER TO confiture_test_owner;
ALTER STATISTICS r OWNER TO confiture_test_owner;
