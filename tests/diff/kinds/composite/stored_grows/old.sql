CREATE TYPE address AS (
    town text
);
CREATE TABLE users (
    home address
);
