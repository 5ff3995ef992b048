-- pg >= 15
CREATE SCHEMA app;
CREATE TABLE sent (id integer PRIMARY KEY, a integer, b integer);
CREATE PUBLICATION detailed FOR TABLE sent (id, b) WHERE (b > 3 AND id IS NOT NULL);
CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA app;
