-- judged on PostgreSQL 15, of 67472ffcd7de3aa7
-- up
CREATE OR REPLACE VIEW v AS
 SELECT t.a,
    t.b,
    t.c
   FROM public.t;
CREATE OR REPLACE VIEW w AS
 SELECT v.a,
    v.b,
    v.c
   FROM public.v;
-- down
DROP VIEW w;
DROP VIEW v;
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT * FROM v;
