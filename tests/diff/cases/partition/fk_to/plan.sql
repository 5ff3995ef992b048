-- judged on PostgreSQL 15, of e94a93f134a866cd
-- up
ALTER TABLE z ADD CONSTRAINT z_i_fkey FOREIGN KEY (i) REFERENCES public.p(a);
-- down
ALTER TABLE z DROP CONSTRAINT z_i_fkey;
