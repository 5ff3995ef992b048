-- pg >= 18
CREATE TABLE t (id int4range, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE r (id int4range, valid daterange, t_id int4range, PRIMARY KEY (id, valid WITHOUT OVERLAPS),
  CONSTRAINT fk FOREIGN KEY (t_id, PERIOD valid) REFERENCES t (id, PERIOD valid));
COMMENT ON CONSTRAINT fk ON r IS 'c';
