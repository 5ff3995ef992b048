CREATE EXTENSION btree_gist;
CREATE TABLE t(a int, r int4range, exclude USING gist (a WITH =, r WITH &&) WHERE (a > 1));
