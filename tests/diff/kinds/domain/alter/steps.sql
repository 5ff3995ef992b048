ALTER DOMAIN email SET DEFAULT 'nobody@example.org'::text;
ALTER DOMAIN email SET NOT NULL;
COMMENT ON DOMAIN email IS 'An address';
