CREATE EXTENSION btree_gist;
CREATE TABLE t(a bigint, r tsrange, CONSTRAINT e exclude USING gist (a WITH =, r WITH &&) WHERE (a > 5));
COMMENT ON CONSTRAINT e ON t IS 'no overlap';
