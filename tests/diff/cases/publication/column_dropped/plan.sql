-- judged on PostgreSQL 15
-- up
ALTER PUBLICATION p SET TABLE t (a, c);
ALTER TABLE t DROP COLUMN b;
-- down
ALTER TABLE t ADD COLUMN b int;
ALTER PUBLICATION p SET TABLE t (a, b) WHERE ((b > 5));
