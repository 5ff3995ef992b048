CREATE SCHEMA x;
SET check_function_bodies=off;
CREATE FUNCTION x.aa() RETURNS bigint LANGUAGE sql AS 'select count(*) from x.zz';
CREATE TABLE x.zz(i int);
