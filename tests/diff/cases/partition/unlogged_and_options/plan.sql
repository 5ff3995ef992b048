-- judged on PostgreSQL 15, of eb74c98bdb113798
-- up
ALTER TABLE q SET UNLOGGED;
ALTER TABLE q SET (fillfactor=70);
-- down
ALTER TABLE q SET LOGGED;
ALTER TABLE q RESET (fillfactor);
