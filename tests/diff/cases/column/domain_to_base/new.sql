CREATE DOMAIN d AS int CHECK (value > 0);
CREATE DOMAIN dt AS text DEFAULT 'x';
CREATE TABLE t(a int, b d, c varchar(5), e int[]);
