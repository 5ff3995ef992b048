CREATE DOMAIN d AS int CHECK (value > 0);
CREATE DOMAIN dt AS text DEFAULT 'x';
CREATE TABLE t(a d, b int, c dt, e d[]);
