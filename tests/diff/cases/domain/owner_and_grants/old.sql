CREATE DOMAIN d AS varchar(10);
CREATE TYPE e AS ENUM ('a');
CREATE TYPE k AS (a integer);
CREATE TABLE t (x d, y e, z k);
