CREATE TYPE address AS (
    street text COLLATE "C",
    "House No" integer
);
COMMENT ON TYPE address IS 'Where to send it';
COMMENT ON COLUMN address."House No" IS 'Without letters';
