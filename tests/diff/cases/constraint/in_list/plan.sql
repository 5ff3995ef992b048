-- judged on PostgreSQL 15, of 34d294af835a3223
-- up
ALTER TABLE t DROP CONSTRAINT t_s_check;
ALTER TABLE t ADD CONSTRAINT t_s_check CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying, 'c'::character varying])::text[])));
-- down
ALTER TABLE t DROP CONSTRAINT t_s_check;
ALTER TABLE t ADD CONSTRAINT t_s_check CHECK (((s)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])));
