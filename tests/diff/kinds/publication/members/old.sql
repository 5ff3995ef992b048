CREATE TABLE users (
    id integer PRIMARY KEY
);
CREATE TABLE posts (
    id integer PRIMARY KEY
);
CREATE PUBLICATION news FOR TABLE users;
