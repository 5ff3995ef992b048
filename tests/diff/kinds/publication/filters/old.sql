-- pg >= 15
CREATE SCHEMA app;
CREATE TABLE app.users (
    id integer PRIMARY KEY,
    name text
);
CREATE TABLE days (
    day date PRIMARY KEY
) PARTITION BY RANGE (day);
CREATE PUBLICATION news FOR TABLE app.users (id), days;
