CREATE TABLE base (id integer NOT NULL, name text DEFAULT 'x', CONSTRAINT positive CHECK (id > 0));
CREATE TABLE other (name text, note text);
CREATE TABLE child (own integer, note text) INHERITS (base, other);
CREATE TYPE point3 AS (x integer, y integer, z integer);
CREATE TABLE points OF point3 (PRIMARY KEY (x), z WITH OPTIONS DEFAULT 0);
