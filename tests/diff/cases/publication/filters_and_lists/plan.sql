-- judged on PostgreSQL 15, of 23bd7dc68ccbeaa9
-- up
ALTER TABLE t ALTER COLUMN b TYPE bigint;
ALTER PUBLICATION p SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);
ALTER PUBLICATION p SET TABLE t (a, c) WHERE (((a > 10) AND (c <> 'x'::text)));
COMMENT ON PUBLICATION p IS 'p';
CREATE PUBLICATION q FOR TABLES IN SCHEMA s, TABLE t WHERE (b > 1);
ALTER PUBLICATION q OWNER TO confiture_test_owner;
CREATE PUBLICATION r WITH (publish = '');
-- down
DROP PUBLICATION q;
DROP PUBLICATION r;
ALTER TABLE t ALTER COLUMN b TYPE integer;
ALTER PUBLICATION p SET TABLE t, s.u;
ALTER PUBLICATION p SET (publish = 'insert, update', publish_via_partition_root = false);
COMMENT ON PUBLICATION p IS NULL;
