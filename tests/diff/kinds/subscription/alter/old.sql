-- pg >= 14
CREATE SUBSCRIPTION reader CONNECTION 'host=nowhere.invalid' PUBLICATION a
    WITH (connect = false, binary = true, slot_name = NONE);
