-- A foreign key is told in place when to check.
CREATE TABLE t (a int PRIMARY KEY, b int, CONSTRAINT f FOREIGN KEY (b) REFERENCES t DEFERRABLE INITIALLY DEFERRED);
