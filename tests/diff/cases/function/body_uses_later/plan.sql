-- judged on PostgreSQL 15
-- up
CREATE TABLE x.zz(i int);
CREATE FUNCTION x.aa() RETURNS bigint LANGUAGE sql AS 'select count(*) from x.zz';
-- down
DROP FUNCTION x.aa();
DROP TABLE x.zz;
