-- judged on PostgreSQL 15, of 8febf560cd3c4c78
-- up
DROP CAST (integer AS public.mood);
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'sad'::public.mood;
DROP FUNCTION mood(integer);
-- down
CREATE FUNCTION mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$SELECT 'sad'::mood$$;
CREATE CAST (int AS mood) WITH FUNCTION mood(int) AS IMPLICIT;
ALTER TABLE t ALTER COLUMN m SET DEFAULT 1;
