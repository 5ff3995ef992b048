CREATE TYPE address AS (
    town text,
    country text
);
CREATE TABLE users (
    home address
);
