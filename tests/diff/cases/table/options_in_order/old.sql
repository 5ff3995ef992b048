CREATE TABLE t (a text) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
CREATE TABLE u (a text) WITH (parallel_workers = 2, fillfactor = 70);
CREATE VIEW v WITH (security_barrier = true, check_option = local) AS SELECT a FROM t;
