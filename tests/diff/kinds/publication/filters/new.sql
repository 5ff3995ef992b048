-- pg >= 15
CREATE SCHEMA app;
CREATE TABLE app.users (
    id integer PRIMARY KEY,
    name text
);
CREATE TABLE days (
    day date PRIMARY KEY
) PARTITION BY RANGE (day);
CREATE PUBLICATION news FOR TABLE days WHERE (day > '2026-01-01'), TABLES IN SCHEMA app
    WITH (publish_via_partition_root);
