-- pg >= 15
CREATE SCHEMA s;
CREATE TABLE t(a int PRIMARY KEY, b bigint, c text);
CREATE TABLE s.u(a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t (a, c) WHERE (a > 10 AND c <> 'x') WITH (publish_via_partition_root = TRUE);
CREATE PUBLICATION q FOR TABLES IN SCHEMA s, TABLE t WHERE (b > 1);
CREATE PUBLICATION r WITH (publish = '');
COMMENT ON PUBLICATION p IS 'p';
ALTER PUBLICATION q OWNER TO confiture_test_owner;
