CREATE TABLE p(a int, z varchar(10));
CREATE TABLE c(b int) INHERITS (p);
CREATE VIEW v AS SELECT * FROM c;
