-- judged on PostgreSQL 15, of 1615a3cc8045f3c8
-- up
ALTER TABLE t ALTER COLUMN a TYPE integer USING a::text::integer;
ALTER TABLE t ALTER COLUMN b TYPE public.d USING b::text::public.d;
ALTER TABLE t ALTER COLUMN c TYPE character varying(5);
ALTER TABLE t ALTER COLUMN e TYPE integer[] USING e::text[]::integer[];
-- down
ALTER TABLE t ALTER COLUMN a TYPE public.d USING a::text::public.d;
ALTER TABLE t ALTER COLUMN b TYPE integer USING b::text::integer;
ALTER TABLE t ALTER COLUMN c TYPE public.dt USING c::text::public.dt;
ALTER TABLE t ALTER COLUMN e TYPE public.d[] USING e::text[]::public.d[];
