CREATE TYPE address AS (
    town text
);
COMMENT ON COLUMN address.town IS 'Or village';
