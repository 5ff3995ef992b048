ALTER SUBSCRIPTION reader CONNECTION 'host=elsewhere.invalid';
ALTER SUBSCRIPTION reader SET PUBLICATION a, b WITH (refresh = false);
ALTER SUBSCRIPTION reader SET (binary = false, slot_name = 'reader');
