CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE TABLE t(a ext.citext, b ext.citext[]);
CREATE INDEX i ON t(a);
