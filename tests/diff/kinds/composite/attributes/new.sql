CREATE TYPE address AS (
    number bigint,
    town text COLLATE "C",
    country text
);
COMMENT ON COLUMN address.town IS 'Or village';
