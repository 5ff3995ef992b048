-- judged on PostgreSQL 15, of 8926140eb8985828
-- up
ALTER TABLE u ADD CONSTRAINT u_x_y_fkey FOREIGN KEY (x, y) REFERENCES public.t(a, b) ON DELETE SET NULL (y);
-- down
ALTER TABLE u DROP CONSTRAINT u_x_y_fkey;
