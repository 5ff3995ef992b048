CREATE TABLE parents (
    id integer PRIMARY KEY
);
CREATE TABLE children (
) INHERITS (parents);
CREATE PUBLICATION news FOR TABLE children;
