-- judged on PostgreSQL 15, of 2842d0d8484553fa
-- up
DROP VIEW v;
CREATE VIEW v AS
 SELECT t.c,
    t.a,
    t.b
   FROM public.t;
-- down
DROP VIEW v;
CREATE VIEW v AS SELECT * FROM t;
