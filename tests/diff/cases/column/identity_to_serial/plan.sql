-- judged on PostgreSQL 15, of 115f4eb1cf8e7b08
-- up
ALTER TABLE t ALTER COLUMN a DROP IDENTITY;
CREATE SEQUENCE t_a_seq AS integer;
ALTER SEQUENCE t_a_seq OWNED BY t.a;
SELECT pg_catalog.setval('public.t_a_seq', max(a)) FROM t HAVING max(a) IS NOT NULL;
ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('public.t_a_seq'::regclass);
-- down
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
DROP SEQUENCE t_a_seq;
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
SELECT pg_catalog.setval('public.t_a_seq', max(a)) FROM t HAVING max(a) IS NOT NULL;
