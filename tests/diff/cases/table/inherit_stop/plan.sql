-- judged on PostgreSQL 15, of 0e38eb87f961a8f0
-- up
ALTER TABLE c NO INHERIT p;
-- down
ALTER TABLE c INHERIT p;
