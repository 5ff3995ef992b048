-- judged on PostgreSQL 15
-- up
ALTER TABLE t SET UNLOGGED;
-- down
ALTER TABLE t SET LOGGED;
