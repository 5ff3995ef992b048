-- judged on PostgreSQL 15, of 6105c98df53057ee
-- up
CREATE FUNCTION b_send(b) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'textsend';
ALTER TYPE b SET (SEND = public.b_send);
COMMENT ON TYPE b IS 'a text of its own';
GRANT USAGE ON TYPE b TO confiture_test_reader;
-- down
ALTER TYPE b SET (SEND = NONE);
COMMENT ON TYPE b IS NULL;
REVOKE USAGE ON TYPE b FROM confiture_test_reader;
DROP FUNCTION b_send(public.b);
