CREATE TABLE t(a int);
CREATE TABLE u(id serial PRIMARY KEY, x bigserial);
