CREATE TABLE t(a int, id smallserial);
CREATE TABLE u(id int PRIMARY KEY);
