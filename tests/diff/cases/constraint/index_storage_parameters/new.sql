CREATE TABLE t (a int, PRIMARY KEY (a) WITH (fillfactor=80));
CREATE TABLE r (a int REFERENCES t);
