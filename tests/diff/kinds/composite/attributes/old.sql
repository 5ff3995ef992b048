CREATE TYPE address AS (
    number integer,
    town text,
    street text COLLATE "C"
);
