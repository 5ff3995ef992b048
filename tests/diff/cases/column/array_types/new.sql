CREATE TABLE t(a varchar(10)[], b bigint[], c text[], d text[] DEFAULT '{}');
