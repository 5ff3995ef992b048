-- judged on PostgreSQL 15
-- up
DROP INDEX i;
CREATE INDEX i ON b(x);
-- down
DROP INDEX i;
CREATE INDEX i ON a(x);
