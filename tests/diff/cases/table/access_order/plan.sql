-- judged on PostgreSQL 15, of 4755839fab715956
-- up
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
-- down
ALTER TABLE a DROP CONSTRAINT a_b_id_fkey;
