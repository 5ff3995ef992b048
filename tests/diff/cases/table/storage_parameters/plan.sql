-- judged on PostgreSQL 15, of 67d66ef6e9eb07af
-- up
ALTER TABLE t RESET (fillfactor);
ALTER TABLE t SET (parallel_workers=2, toast_tuple_target=256);
ALTER INDEX g SET (pages_per_range=8, autosummarize=on);
ALTER INDEX i RESET (fillfactor);
ALTER INDEX i SET (deduplicate_items=off);
ALTER MATERIALIZED VIEW m RESET (fillfactor);
-- down
ALTER TABLE t RESET (parallel_workers, toast_tuple_target);
ALTER TABLE t SET (fillfactor=50);
ALTER INDEX g RESET (autosummarize);
ALTER INDEX g SET (pages_per_range=4);
ALTER INDEX i RESET (deduplicate_items);
ALTER INDEX i SET (fillfactor=60);
ALTER MATERIALIZED VIEW m SET (fillfactor=40);
