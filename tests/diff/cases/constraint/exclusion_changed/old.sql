CREATE EXTENSION btree_gist;
CREATE TABLE t(a int, r tsrange, CONSTRAINT e exclude USING gist (a WITH =, r WITH &&));
