CREATE SCHEMA s;
CREATE TABLE t(a int PRIMARY KEY, b int, c text);
CREATE TABLE s.u(a int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t, s.u WITH (publish = 'insert, update');
