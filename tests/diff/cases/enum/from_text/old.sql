CREATE TABLE t(a text DEFAULT 'a' CHECK (a IN ('a', 'b')), b varchar(10));
CREATE INDEX i ON t(a);
