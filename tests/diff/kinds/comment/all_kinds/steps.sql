COMMENT ON SEQUENCE numbers IS NULL;
COMMENT ON TABLE users IS 'People';
COMMENT ON COLUMN users.name IS 'What they are called';
COMMENT ON CONSTRAINT named ON users IS 'Everybody is';
COMMENT ON INDEX users_name IS 'Fast';
COMMENT ON MATERIALIZED VIEW ids IS 'Numbers of people';
COMMENT ON COLUMN ids.id IS 'A number';
