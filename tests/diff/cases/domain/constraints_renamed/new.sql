CREATE DOMAIN d AS text CONSTRAINT a CHECK (value <> ' ') CONSTRAINT c CHECK (length(value) < 10);
CREATE TABLE t(x d);
COMMENT ON CONSTRAINT c ON DOMAIN d IS 'short';
ALTER DOMAIN d OWNER TO confiture_test_owner;
