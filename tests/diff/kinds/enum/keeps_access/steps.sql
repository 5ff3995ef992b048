DROP TYPE mood;
CREATE TYPE mood AS ENUM (
    'sad'
);
COMMENT ON TYPE mood IS 'How are you?';
ALTER TYPE mood OWNER TO confiture_writer;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
