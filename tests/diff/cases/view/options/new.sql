CREATE TABLE t(a int);
CREATE VIEW v WITH (security_barrier=TRUE, check_option=local) AS SELECT a FROM t WHERE a > 0;
CREATE VIEW u AS SELECT a FROM t;
