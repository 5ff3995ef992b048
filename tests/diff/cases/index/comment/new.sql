CREATE TABLE t(a int);
CREATE INDEX i ON t(a);
COMMENT ON INDEX i IS 'hello ''x''';
