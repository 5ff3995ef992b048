CREATE TABLE p (a int, b text, CHECK (a > 0)) PARTITION BY RANGE (a);
CREATE TABLE c (a int, b text, CHECK (a > 0));
CREATE TABLE q (a int, b text, CHECK (b <> '')) PARTITION BY RANGE (a);
CREATE TABLE d PARTITION OF q DEFAULT;
