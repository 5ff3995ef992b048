-- judged on PostgreSQL 15, of c45bd96959a6df22
-- up
ALTER TABLE t SET (fillfactor=70, toast.vacuum_truncate=false);
ALTER TABLE u SET (autovacuum_enabled=false, fillfactor=70);
-- down
ALTER TABLE t RESET (toast.vacuum_truncate);
ALTER TABLE t SET (autovacuum_enabled=false);
ALTER TABLE u RESET (autovacuum_enabled);
