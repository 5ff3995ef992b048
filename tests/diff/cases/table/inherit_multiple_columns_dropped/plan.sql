-- judged on PostgreSQL 15
-- up
ALTER TABLE a DROP CONSTRAINT a_x_check;
ALTER TABLE ONLY a DROP COLUMN x;
-- down
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE a ADD CONSTRAINT a_x_check CHECK ((x > 0));
