-- judged on PostgreSQL 15, of 468a9799d1f9f9ae
-- up
ALTER TABLE t DISABLE RULE q;
COMMENT ON RULE q ON t IS 'nothing';
CREATE OR REPLACE RULE r AS
    ON INSERT TO public.t
   WHERE (new.a > 0) DO INSTEAD ( INSERT INTO public.l (a)
  VALUES (new.a);
 DELETE FROM public.l
  WHERE (l.a = 1);
);
COMMENT ON RULE r ON t IS 'elsewhere';
-- down
ALTER TABLE t ENABLE RULE q;
COMMENT ON RULE q ON t IS NULL;
CREATE OR REPLACE RULE r AS
    ON INSERT TO public.t DO  INSERT INTO public.l (a)
  VALUES (new.a);
COMMENT ON RULE r ON t IS NULL;
