-- pg >= 13
CREATE TABLE t (a text) WITH (autovacuum_enabled = false, fillfactor = 70, toast.autovacuum_enabled = false, toast.vacuum_truncate = false);
CREATE TABLE u (a text) WITH (parallel_workers = 2, autovacuum_enabled = false, fillfactor = 70);
CREATE VIEW v WITH (check_option = local, security_barrier = true) AS SELECT a FROM t;
