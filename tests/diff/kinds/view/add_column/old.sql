CREATE VIEW pair WITH (security_barrier) AS SELECT 1 AS a;
GRANT SELECT ON pair TO confiture_reader;
