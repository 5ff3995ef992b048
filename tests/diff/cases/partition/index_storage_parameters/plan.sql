-- judged on PostgreSQL 15, of 55db8fff206ea234
-- up
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT t_a_key;
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a) WITH (fillfactor=60);
CREATE INDEX i ON t (b) WITH (fillfactor=60);
-- down
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT t_a_key;
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a) WITH (fillfactor=50);
CREATE INDEX i ON t (b) WITH (fillfactor=50);
