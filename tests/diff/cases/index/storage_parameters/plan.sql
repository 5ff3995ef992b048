-- judged on PostgreSQL 15, of 1e59b60834460b4a
-- up
ALTER INDEX i1 SET (fillfactor=60);
ALTER INDEX i2 RESET (fastupdate);
ALTER INDEX i3 SET (pages_per_range=8, autosummarize=on);
ALTER INDEX i4 SET (fillfactor=90);
-- down
ALTER INDEX i1 SET (fillfactor=50);
ALTER INDEX i2 SET (fastupdate=off);
ALTER INDEX i3 RESET (autosummarize);
ALTER INDEX i3 SET (pages_per_range=4);
ALTER INDEX i4 RESET (fillfactor);
