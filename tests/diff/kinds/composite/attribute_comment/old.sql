CREATE TYPE address AS (
    town text
);
