-- judged on PostgreSQL 15, of 730129bb7e03125d
-- up
ALTER TABLE t RESET (autovacuum_enabled);
ALTER TABLE t SET (fillfactor=80);
-- down
ALTER TABLE t SET (fillfactor=70, autovacuum_enabled=false);
