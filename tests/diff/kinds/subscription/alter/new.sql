-- pg >= 14
CREATE SUBSCRIPTION reader CONNECTION 'host=elsewhere.invalid' PUBLICATION a, b
    WITH (connect = false);
