-- judged on PostgreSQL 15, of 049ef975fe3a11be
-- up
ALTER TABLE p DROP CONSTRAINT p_b_fkey;
ALTER TABLE y DROP CONSTRAINT y_i_fkey;
-- down
ALTER TABLE p ADD CONSTRAINT p_b_fkey FOREIGN KEY (b) REFERENCES public.r(id);
ALTER TABLE y ADD CONSTRAINT y_i_fkey FOREIGN KEY (i) REFERENCES public.pp(a);
