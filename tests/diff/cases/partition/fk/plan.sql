-- judged on PostgreSQL 15, of e277943c06bb27a5
-- up
CREATE TABLE z(i int);
ALTER TABLE p ADD CONSTRAINT p_b_fkey FOREIGN KEY (b) REFERENCES public.r(id);
-- down
ALTER TABLE p DROP CONSTRAINT p_b_fkey;
DROP TABLE z;
