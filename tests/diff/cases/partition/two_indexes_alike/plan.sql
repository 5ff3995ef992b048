-- judged on PostgreSQL 15, of c41ae7839e2ad43c
-- up
ALTER INDEX t_k RENAME TO t_i;
DROP INDEX t_i;
CREATE INDEX t_j ON t (a);
CREATE INDEX t_i ON t (a);
-- down
DROP INDEX t_i;
DROP INDEX t_j;
CREATE INDEX t_i ON public.t USING btree (a);
ALTER INDEX t_i RENAME TO t_k;
