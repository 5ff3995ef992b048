-- judged on PostgreSQL 15
-- up
ALTER TABLE t RENAME CONSTRAINT t_pkey TO other;
-- down
ALTER TABLE t RENAME CONSTRAINT other TO t_pkey;
