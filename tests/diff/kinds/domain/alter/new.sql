CREATE DOMAIN email AS text DEFAULT 'nobody@example.org' NOT NULL;
COMMENT ON DOMAIN email IS 'An address';
