CREATE VIEW pair AS SELECT 1 AS a, 2 AS b;
GRANT SELECT ON pair TO confiture_reader;
