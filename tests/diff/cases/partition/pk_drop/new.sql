CREATE TABLE p(a int, b text) PARTITION BY hash (a);
CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 1);
