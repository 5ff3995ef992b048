CREATE SCHEMA ext;
CREATE EXTENSION citext;
CREATE TABLE t(a citext, b citext[]);
CREATE INDEX i ON t(a);
