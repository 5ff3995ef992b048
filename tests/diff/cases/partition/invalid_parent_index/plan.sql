-- judged on PostgreSQL 15, of 7c4a3268714fc82c
-- up
CREATE INDEX pb ON ONLY public.p USING btree (b);
CREATE INDEX qb ON public.q USING btree (b);
ALTER INDEX pb ATTACH PARTITION qb;
-- down
DROP INDEX pb;
