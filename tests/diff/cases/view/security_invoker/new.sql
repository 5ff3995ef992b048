-- pg >= 15
CREATE TABLE t(a int);
CREATE VIEW v WITH (security_invoker = TRUE) AS SELECT a FROM t;
CREATE VIEW w WITH (check_option = cascaded) AS SELECT a FROM t;
