-- judged on PostgreSQL 15, of 32bad479261c8c2e
-- up
ALTER TABLE t SET UNLOGGED;
-- down
ALTER TABLE t SET LOGGED;
