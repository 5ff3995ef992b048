-- judged on PostgreSQL 15
-- up
ALTER TABLE c NO INHERIT p;
-- down
ALTER TABLE c INHERIT p;
