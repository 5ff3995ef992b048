CREATE FUNCTION f(int) RETURNS int LANGUAGE sql STRICT STABLE SECURITY definer leakproof PARALLEL restricted COST 10 SET search_path = public, pg_temp SET work_mem = '8MB' AS 'select 1';
CREATE FUNCTION s() RETURNS SETOF int LANGUAGE sql rows 10 AS 'select 1';
ALTER FUNCTION s() OWNER TO confiture_test_owner;
COMMENT ON FUNCTION f(int) IS 'f';
REVOKE EXECUTE ON FUNCTION f(int) FROM public;
GRANT EXECUTE ON FUNCTION f(int) TO confiture_test_reader;
