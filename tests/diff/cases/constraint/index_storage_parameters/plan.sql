-- judged on PostgreSQL 15, of a02f7f057f61c958
-- up
ALTER INDEX t_pkey SET (fillfactor=80);
-- down
ALTER INDEX t_pkey RESET (fillfactor);
