CREATE FUNCTION pair() RETURNS TABLE (a integer, b text, c integer) LANGUAGE sql
    AS $$ SELECT 1, 'x', 2 $$;
