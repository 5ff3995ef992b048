-- judged on PostgreSQL 15, of 6df45d3897ed6914
-- up
ALTER TABLE t RENAME CONSTRAINT t_pkey TO other;
-- down
ALTER TABLE t RENAME CONSTRAINT other TO t_pkey;
