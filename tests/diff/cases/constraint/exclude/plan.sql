-- judged on PostgreSQL 15, of 225b118617c31ca8
-- up
ALTER TABLE t ADD CONSTRAINT t_a_r_excl EXCLUDE USING gist (a WITH =, r WITH &&) WHERE ((a > 1));
-- down
ALTER TABLE t DROP CONSTRAINT t_a_r_excl;
