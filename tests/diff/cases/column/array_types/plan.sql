-- judged on PostgreSQL 15, of b43af5017ac894a4
-- up
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a TYPE character varying(10)[] USING a::text[]::character varying(10)[];
ALTER TABLE t ALTER COLUMN b TYPE bigint[] USING b::text[]::bigint[];
ALTER TABLE t ALTER COLUMN c TYPE text[] USING c::text[]::text[];
ALTER TABLE t ALTER COLUMN d TYPE text[] USING d::text[];
ALTER TABLE t ALTER COLUMN d SET DEFAULT '{}'::text[];
-- down
ALTER TABLE t ALTER COLUMN d DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a TYPE text[] USING a::text[]::text[];
ALTER TABLE t ALTER COLUMN b TYPE integer[] USING b::text[]::integer[];
ALTER TABLE t ALTER COLUMN c TYPE character varying(5)[] USING c::text[]::character varying(5)[];
ALTER TABLE t ALTER COLUMN d TYPE text;
ALTER TABLE t ALTER COLUMN d SET DEFAULT '{}'::text;
