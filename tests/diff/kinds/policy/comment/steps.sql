COMMENT ON POLICY own ON users IS 'The first one';
