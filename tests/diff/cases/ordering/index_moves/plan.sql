-- judged on PostgreSQL 15, of 7d90c575ab21db22
-- up
DROP INDEX i;
CREATE INDEX i ON b(x);
-- down
DROP INDEX i;
CREATE INDEX i ON a(x);
