-- judged on PostgreSQL 15, of 033cc9696395522d
-- up
ALTER INDEX i SET (fillfactor=60, deduplicate_items=off);
-- down
ALTER INDEX i RESET (deduplicate_items);
ALTER INDEX i SET (fillfactor=50);
