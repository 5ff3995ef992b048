-- judged on PostgreSQL 15
-- up
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
DROP SEQUENCE s;
-- down
CREATE SEQUENCE s;
ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('public.s'::regclass);
