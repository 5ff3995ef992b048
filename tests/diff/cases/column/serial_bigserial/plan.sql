-- judged on PostgreSQL 15, of 0fd5307fa386e209
-- up
ALTER SEQUENCE t_id_seq AS bigint MINVALUE 1 MAXVALUE 9223372036854775807;
ALTER TABLE t ALTER COLUMN id TYPE bigint;
-- down
SELECT pg_catalog.setval('public.t_id_seq', least(greatest(last_value, 1), 2147483647), is_called) FROM t_id_seq;
ALTER SEQUENCE t_id_seq AS integer MINVALUE 1 MAXVALUE 2147483647;
ALTER TABLE t ALTER COLUMN id TYPE integer;
