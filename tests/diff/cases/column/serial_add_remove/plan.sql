-- judged on PostgreSQL 15, of 904c41f8c28b950c
-- up
ALTER TABLE u ALTER COLUMN id DROP DEFAULT;
ALTER TABLE u DROP COLUMN x;
DROP SEQUENCE u_id_seq;
ALTER TABLE t ADD COLUMN id smallserial;
-- down
ALTER TABLE t DROP COLUMN id;
CREATE SEQUENCE u_id_seq AS integer;
ALTER TABLE u ADD COLUMN x bigserial;
ALTER SEQUENCE u_id_seq OWNED BY u.id;
SELECT pg_catalog.setval('public.u_id_seq', max(id)) FROM u HAVING max(id) IS NOT NULL;
ALTER TABLE u ALTER COLUMN id SET DEFAULT nextval('public.u_id_seq'::regclass);
