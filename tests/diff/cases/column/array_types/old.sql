CREATE TABLE t(a text[], b int[], c varchar(5)[], d text DEFAULT '{}');
