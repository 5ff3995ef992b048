CREATE TABLE sent (id integer PRIMARY KEY, a integer, b integer);
CREATE TABLE also_sent (id integer PRIMARY KEY);
CREATE PUBLICATION chosen FOR TABLE sent, also_sent WITH (publish = 'insert, update');
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION nothing;
COMMENT ON PUBLICATION chosen IS 'some';
