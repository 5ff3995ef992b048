-- judged on PostgreSQL 15, of 3cf901886c12fff9
-- up
ALTER TYPE e1 RENAME TO e1__old;
CREATE TYPE e1 AS ENUM ('b', 'a');
ALTER TABLE t RENAME TO t__old;
CREATE TABLE t(a int, s e1[], u e1 DEFAULT 'a') PARTITION BY RANGE (a);
ALTER TABLE tp RENAME TO tp__old;
CREATE TABLE tp PARTITION OF t FOR VALUES FROM (1) TO (5);
INSERT INTO t (a, s, u) 
SELECT a, s::text[]::public.e1[], u::text::public.e1 FROM t__old;
DROP TABLE t__old;
DROP TYPE e1__old;
-- down
ALTER TYPE e1 RENAME TO e1__old;
CREATE TYPE e1 AS ENUM ('a', 'b', 'c');
ALTER TABLE t RENAME TO t__old;
CREATE TABLE t(a int, s e1[], u e1 DEFAULT 'a') PARTITION BY list (a);
ALTER TABLE tp RENAME TO tp__old;
CREATE TABLE tp PARTITION OF t FOR VALUES IN (1);
INSERT INTO t (a, s, u) 
SELECT a, s::text[]::public.e1[], u::text::public.e1 FROM t__old;
DROP TABLE t__old;
DROP TYPE e1__old;
