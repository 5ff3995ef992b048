-- judged on PostgreSQL 15, of 8e13f4b3505564c8
-- up
CREATE TABLE a(y int);
ALTER TABLE b ADD COLUMN y integer;
ALTER TABLE b INHERIT a;
UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attrelid = 'public.b'::regclass AND attname = 'y';
-- down
ALTER TABLE b NO INHERIT a;
ALTER TABLE b DROP COLUMN y;
DROP TABLE a;
