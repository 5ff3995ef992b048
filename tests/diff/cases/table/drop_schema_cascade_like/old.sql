CREATE SCHEMA s;
CREATE TYPE s.e AS ENUM ('a');
CREATE TABLE s.t(a s.e, b serial);
CREATE FUNCTION s.f(s.t) RETURNS int LANGUAGE sql AS 'select 1';
CREATE VIEW s.v AS SELECT * FROM s.t;
CREATE VIEW outside AS SELECT a::text FROM s.v;
