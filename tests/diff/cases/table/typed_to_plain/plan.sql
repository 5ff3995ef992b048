-- judged on PostgreSQL 15, of acfefb92c1d27ef7
-- up
ALTER TABLE t NOT OF;
-- down
ALTER TABLE t OF public.ct;
