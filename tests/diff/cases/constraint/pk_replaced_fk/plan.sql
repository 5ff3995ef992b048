-- judged on PostgreSQL 15, of e184c468dc002c88
-- up
ALTER TABLE t RENAME CONSTRAINT t_pkey TO t_pk2;
-- down
ALTER TABLE t RENAME CONSTRAINT t_pk2 TO t_pkey;
