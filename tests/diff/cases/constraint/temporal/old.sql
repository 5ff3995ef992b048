CREATE TABLE t (id int4range, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE r (id int4range, valid daterange, t_id int4range);
