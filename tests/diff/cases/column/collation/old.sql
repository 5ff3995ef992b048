CREATE TABLE t(a text, b text COLLATE "C");
CREATE INDEX i ON t(a);
