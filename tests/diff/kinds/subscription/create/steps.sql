CREATE SUBSCRIPTION reader
    CONNECTION 'host=nowhere.invalid'
    PUBLICATION a, "B"
    WITH (connect = false, slot_name = 'other', synchronous_commit = 'local');
COMMENT ON SUBSCRIPTION reader IS 'Of news';
