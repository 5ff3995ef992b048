-- judged on PostgreSQL 15, of a5e6d220a9a74a78
-- up
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p(a timestamptz, b text) PARTITION BY RANGE (date_trunc('month', a at time zone 'UTC'));
ALTER TABLE q RENAME TO q__old;
CREATE TABLE q PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
INSERT INTO p (a, b) 
SELECT a, b FROM p__old;
DROP TABLE p__old;
-- down
ALTER TABLE p RENAME TO p__old;
CREATE TABLE p(a timestamptz, b text) PARTITION BY RANGE (date_trunc('day', a at time zone 'UTC'));
ALTER TABLE q RENAME TO q__old;
CREATE TABLE q PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
INSERT INTO p (a, b) 
SELECT a, b FROM p__old;
DROP TABLE p__old;
