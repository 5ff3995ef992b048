-- judged on PostgreSQL 15, of e933e01591e54008
-- up
ALTER TABLE t1 ALTER COLUMN b TYPE bigint;
CREATE SEQUENCE t1_b_seq;
ALTER TABLE t1 ALTER COLUMN b SET DEFAULT nextval('public.t1_b_seq'::regclass);
ALTER SEQUENCE t1_b_seq OWNED BY t1.b;
SELECT pg_catalog.setval('public.t1_b_seq', max(b)) FROM t1 HAVING max(b) IS NOT NULL;
-- down
ALTER TABLE t1 ALTER COLUMN b TYPE integer;
ALTER TABLE t1 ALTER COLUMN b SET DEFAULT nextval('public.s1'::regclass);
DROP SEQUENCE t1_b_seq;
