CREATE EXTENSION btree_gist;
CREATE TABLE t(a int, r tsrange, s text, CONSTRAINT e1 exclude USING gist (a WITH =, r WITH &&), CONSTRAINT e2 exclude USING gist ((lower(s)) WITH =) WHERE (a > 0) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT e3 exclude (a WITH =));
