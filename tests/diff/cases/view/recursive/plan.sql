-- judged on PostgreSQL 15, of 8f10c544b594133f
-- up
CREATE RECURSIVE VIEW r(id) AS SELECT id FROM t WHERE p IS NULL UNION ALL SELECT t.id FROM t join r ON r.id=t.p;
CREATE VIEW "Odd Name" AS SELECT id AS "Id" FROM t;
-- down
DROP VIEW "Odd Name";
DROP VIEW r;
