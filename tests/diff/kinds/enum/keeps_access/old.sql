CREATE TYPE mood AS ENUM ('happy', 'sad');
COMMENT ON TYPE mood IS 'How are you?';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
ALTER TYPE mood OWNER TO confiture_writer;
