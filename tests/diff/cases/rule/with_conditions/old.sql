CREATE TABLE t(a int, b int);
CREATE TABLE log(a int);
CREATE RULE r1 AS ON UPDATE TO t WHERE old.a <> new.a DO ALSO INSERT INTO log VALUES (new.a);
