CREATE FUNCTION nothing() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION add(a integer, b integer DEFAULT 2) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5 AS $$ SELECT a + b $$;
CREATE FUNCTION add(text, text) RETURNS text LANGUAGE sql AS $$ SELECT $1 || $2 $$;
CREATE FUNCTION split(INOUT a numeric, OUT b text, VARIADIC rest integer[]) LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = 'public' AS $$ BEGIN b := ''; END $$;
CREATE FUNCTION listed(n integer) RETURNS TABLE (id integer, name text) LANGUAGE sql ROWS 7
    AS $$ SELECT 1, 'a' $$;
CREATE PROCEDURE work(IN amount numeric(10, 2), INOUT done boolean DEFAULT false)
    LANGUAGE plpgsql AS $$ BEGIN done := true; END $$;
CREATE FUNCTION ranked() RETURNS bigint LANGUAGE internal WINDOW AS 'window_rank';
CREATE FUNCTION "Odd, name"("A" text) RETURNS SETOF text LANGUAGE sql AS 'SELECT "A"';
ALTER FUNCTION nothing() OWNER TO pg_monitor;
REVOKE ALL ON FUNCTION nothing() FROM public;
GRANT EXECUTE ON PROCEDURE work TO pg_signal_backend;
COMMENT ON FUNCTION add(text, text) IS 'joins';
