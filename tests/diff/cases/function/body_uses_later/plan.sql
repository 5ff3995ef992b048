-- judged on PostgreSQL 15, of 4b7df2189dd0d2db
-- up
CREATE TABLE x.zz(i int);
CREATE FUNCTION x.aa() RETURNS bigint LANGUAGE sql AS 'select count(*) from x.zz';
-- down
DROP FUNCTION x.aa();
DROP TABLE x.zz;
