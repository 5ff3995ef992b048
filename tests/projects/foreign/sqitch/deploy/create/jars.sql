-- Deploy jam:create/jars to pg

BEGIN;

CREATE TABLE jars (id int PRIMARY KEY);

COMMIT;
