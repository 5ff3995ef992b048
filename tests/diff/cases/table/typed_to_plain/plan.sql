-- judged on PostgreSQL 15
-- up
ALTER TABLE t NOT OF;
-- down
ALTER TABLE t OF public.ct;
