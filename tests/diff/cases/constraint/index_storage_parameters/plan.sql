-- judged on PostgreSQL 15
-- up
ALTER INDEX t_pkey SET (fillfactor=80);
-- down
ALTER INDEX t_pkey RESET (fillfactor);
