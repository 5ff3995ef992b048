CREATE EXTENSION btree_gist;
CREATE TABLE t(a int, r int4range);
