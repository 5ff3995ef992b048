CREATE TABLE t(id int PRIMARY KEY, parent int REFERENCES t, other int, FOREIGN KEY (other) REFERENCES t DEFERRABLE);
CREATE VIEW v AS SELECT t.id, p.id AS parent FROM t left join t p ON p.id = t.parent;
