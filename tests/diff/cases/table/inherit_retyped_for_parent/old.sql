CREATE TABLE p (a integer NOT NULL, b timestamptz);
CREATE TABLE c (a text, b jsonb, x integer);
CREATE INDEX i ON c (b);
