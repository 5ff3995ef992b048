CREATE TABLE users (
    id integer PRIMARY KEY
);
CREATE PUBLICATION news FOR TABLE users WITH (publish = 'insert');
CREATE PUBLICATION everything FOR ALL TABLES;
COMMENT ON PUBLICATION news IS 'Daily';
