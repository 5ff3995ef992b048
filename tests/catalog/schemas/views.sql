CREATE TABLE books (id integer PRIMARY KEY, title text, price numeric);
CREATE VIEW cheap WITH (security_barrier) AS SELECT id, title FROM books WHERE price < 10
    WITH LOCAL CHECK OPTION;
CREATE VIEW cheapest AS SELECT * FROM cheap LIMIT 1;
ALTER VIEW cheap ALTER COLUMN title SET DEFAULT 'untitled';
CREATE MATERIALIZED VIEW totals AS SELECT sum(price) AS total, max(title) AS last, count(*) AS "number" FROM books;
CREATE MATERIALIZED VIEW empty AS SELECT 1 AS one WITH NO DATA;
ALTER MATERIALIZED VIEW totals ALTER COLUMN total SET STATISTICS 50;
ALTER MATERIALIZED VIEW totals SET (fillfactor = 90);
CREATE RECURSIVE VIEW counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 9;
COMMENT ON COLUMN cheap.title IS 'the title';
GRANT SELECT ON cheap TO pg_monitor;
GRANT SELECT (id) ON cheapest TO pg_monitor;
CREATE VIEW grouped AS SELECT id, title FROM books GROUP BY id;
CREATE INDEX totals_total ON totals (total);
ALTER MATERIALIZED VIEW totals CLUSTER ON totals_total;
ALTER MATERIALIZED VIEW totals ALTER COLUMN total SET STORAGE PLAIN;
ALTER MATERIALIZED VIEW totals SET (toast.autovacuum_enabled = off);
