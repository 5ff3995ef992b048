-- judged on PostgreSQL 15, of 6966dcc1d6e668f2
-- up
ALTER TABLE t ADD COLUMN parent int REFERENCES t;
ALTER TABLE t ADD COLUMN other int;
ALTER TABLE t ADD CONSTRAINT t_other_fkey FOREIGN KEY (other) REFERENCES public.t(id) DEFERRABLE;
CREATE VIEW v AS SELECT t.id, p.id AS parent FROM t left join t p ON p.id = t.parent;
-- down
DROP VIEW v;
ALTER TABLE t DROP COLUMN other;
ALTER TABLE t DROP COLUMN parent;
