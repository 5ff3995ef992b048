-- judged on PostgreSQL 15, of a12289e49ef9374f
-- up
CREATE VIEW v AS VALUES (1, 'x'), (2, 'y');
CREATE VIEW w AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n, "order", row_number() over (PARTITION BY a ORDER BY n DESC) FROM r, t;
CREATE VIEW x AS SELECT array_agg(DISTINCT a ORDER BY a) filter (WHERE a > 0), grouping(a) FROM t GROUP BY cube (a);
CREATE VIEW y AS SELECT * FROM t cross join LATERAL (SELECT a + 1 AS b) l;
CREATE VIEW z AS SELECT * FROM json_to_record('{}') AS j(q int) WHERE q IN (SELECT a FROM t);
-- down
DROP VIEW v;
DROP VIEW w;
DROP VIEW x;
DROP VIEW y;
DROP VIEW z;
