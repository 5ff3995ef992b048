-- judged on PostgreSQL 15, of 8545e8cc638df961
-- up
ALTER TABLE c INHERIT p;
-- down
ALTER TABLE c NO INHERIT p;
