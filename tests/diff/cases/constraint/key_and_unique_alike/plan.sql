-- judged on PostgreSQL 15, of 53d1bb4ab34fc321
-- up
CREATE TABLE t (a integer PRIMARY KEY, b integer UNIQUE);
ALTER TABLE t ADD CONSTRAINT another UNIQUE (b);
ALTER TABLE t ADD CONSTRAINT again UNIQUE (a);
-- down
DROP TABLE t;
