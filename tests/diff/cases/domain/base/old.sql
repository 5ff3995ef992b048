CREATE DOMAIN d AS varchar(10);
CREATE TABLE t(a d DEFAULT 'x', b d[]);
