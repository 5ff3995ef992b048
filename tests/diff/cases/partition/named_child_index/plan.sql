-- judged on PostgreSQL 15, of e6988f3179cfd54e
-- up
CREATE INDEX my ON public.q USING btree (b);
CREATE INDEX pi ON ONLY public.p USING btree (b);
ALTER INDEX pi ATTACH PARTITION my;
-- down
DROP INDEX pi;
