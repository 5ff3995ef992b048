-- pg >= 14
CREATE SUBSCRIPTION s CONNECTION 'host=elsewhere dbname=x' PUBLICATION a, b WITH (connect = false, slot_name = NONE, binary = true, synchronous_commit = 'off');
COMMENT ON SUBSCRIPTION s IS 'from elsewhere';
